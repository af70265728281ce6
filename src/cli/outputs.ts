/** `--format` and `--output FORMAT=FILE`: which reports go where. */
import { resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { type Format, formats } from '../model/report.ts';
import { isSpecial } from '../text/write-whole.ts';
import type { CheckFlags } from './check-flags.ts';

export interface Outputs {
  readonly format: Format;
  readonly files: ReadonlyArray<{ readonly format: Format; readonly path: string }>;
}

/** @throws UsageError */
export function outputsOf(flags: Pick<CheckFlags, 'format' | 'output' | 'baseline'>): Outputs {
  const known = (name: string, flag: string): Format => {
    const format = formats.find((one) => one === name);
    if (format === undefined)
      throw new UsageError(`${flag}: unknown format ${JSON.stringify(name)}; write ${formats.join(', ')}`);
    return format;
  };
  const files = (flags.output ?? []).map((text) => {
    const at = text.indexOf('=');
    if (at < 1 || at === text.length - 1)
      throw new UsageError(`--output ${JSON.stringify(text)}: write FORMAT=FILE, e.g. json=report.json`);
    const path = text.slice(at + 1);
    if (path === '-')
      throw new UsageError(
        `--output ${JSON.stringify(text)}: for stdout write --format ${text.slice(0, at)}`,
      );
    return { format: known(text.slice(0, at), '--output'), path };
  });
  const written = new Set<string>();
  for (const { path } of files) {
    const place = resolve(path);
    if (flags.baseline && place === resolve(flags.baseline))
      throw new UsageError(`--output: ${path} is the baseline; name another file`);
    if (written.has(place) && !isSpecial(place))
      throw new UsageError(`--output: two reports for ${path}; name a file for each`);
    written.add(place);
  }
  return { format: known(flags.format, '--format'), files };
}
