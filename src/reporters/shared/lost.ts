/** Why a server was not judged to the end, or not at all. */

import { judgedNoStream } from '../../judge/exit-code.ts';
import { parseCase } from '../../model/case-id.ts';
import type { Halt, ServerReport } from '../../model/report.ts';

const HALTS: Readonly<Record<Halt['kind'], string>> = {
  unreached: 'was not judged',
  died: 'died',
  'given-up': 'was given up',
  unauthorized: 'was not judged',
  lost: 'was lost',
  interrupted: 'was interrupted',
  'out-of-time': 'was not judged to the end',
};

/** What follows the server's name: `died at chat/stream/asked/json: …` */
export function haltLine({ kind, case: at, message }: Halt): string {
  // Some messages say it all.
  if (at !== undefined && message.endsWith(`died at ${at}`)) return `died at ${at}`;
  const said = `${HALTS[kind]}${at ? ` at ${at}` : ''}`;
  return message === kind ? said : `${said}: ${message}`;
}

/** What follows the server's name, a line each; empty where it was judged. */
export function lostLines(server: ServerReport): readonly string[] {
  return [...(server.halt === null ? [] : [haltLine(server.halt)]), ...refusedLines(server)];
}

/** What was not judged, where no halt says it: a run that ends with 3 must say why. */
export function refusedLines(server: ServerReport): readonly string[] {
  const silent = server.silentReferences ?? [];
  return [...noStreamLines(server), ...silent.map(({ message }) => `was not compared as asked: ${message}`)];
}

/** Why nothing was judged in any stream, where only its results say it. */
function noStreamLines({ halt, results }: ServerReport): readonly string[] {
  const streams = results.filter((result) => parseCase(result.case).mode === 'stream');
  const chosen = streams.length > 0 ? streams : results;
  if (halt !== null || !judgedNoStream({ results })) return [];
  const refused = chosen.find(({ check, verdict }) => check === 'request-answered' && verdict === 'skip');
  // Streams that break off were answered, of which there is nothing to say.
  const said = refused ?? chosen.find(({ message }) => message !== '');
  if (said === undefined) return [];
  return [`could not be judged${streams.length > 0 ? ' in any stream' : ''}: ${said.message}`];
}
