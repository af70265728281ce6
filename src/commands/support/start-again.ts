/** Commands that start a server again once the run is over. */

import { withoutSecrets } from './command-line.ts';
import type { LaunchingFlags } from './launching.ts';

/** Replays a recording, where its curl lines expect the server. */
export function replayOf(folder: string, baseUrl: string): readonly string[] {
  const { hostname, port } = new URL(baseUrl);
  const reached = (hostname === '127.0.0.1' || hostname === 'localhost') && port !== '';
  return ['lastchunk', 'replay', folder, ...(reached ? ['--port', port] : [])];
}

/** Launches one version as these flags did, and leaves it up; it says where. A key among them is taken out. */
export function launchOf(product: string, version: string, flags: LaunchingFlags): readonly string[] {
  const given = {
    '--model': flags.model,
    '--command': flags.command,
    '--binary': flags.binary,
    '--args': flags.args,
    '--context': flags.context,
    '--upstream': flags.upstream,
  };
  const words = Object.entries(given).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return [
    'lastchunk',
    'upgrade',
    product,
    '--versions',
    version,
    '--suite',
    'smoke',
    '--keep',
    ...words.map(withoutSecrets(words, process.env)),
  ];
}
