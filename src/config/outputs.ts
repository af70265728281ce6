/** Which reports go where. */
import { resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { type Format, type OutputFormat, outputFormats } from '../model/report.ts';
import { isSpecial } from '../text/write-whole.ts';

interface OutputFile {
  readonly format: OutputFormat;
  /** Of `issue`: a folder. */
  readonly path: string;
}

export interface Outputs {
  /** Of what is printed. */
  readonly format: Format;
  readonly files: readonly OutputFile[];
}

/** `--output FORMAT=FILE`. @throws UsageError */
function fileOf(text: string): OutputFile {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1)
    throw new UsageError(`--output ${JSON.stringify(text)}: write FORMAT=FILE, e.g. json=report.json`);
  const [name, path] = [text.slice(0, at), text.slice(at + 1)];
  if (path === '-' && name === 'issue') throw new UsageError('--output issue=-: name a folder');
  if (path === '-')
    throw new UsageError(`--output ${JSON.stringify(text)}: for stdout write --format ${name}`);
  const format = outputFormats.find((one) => one === name);
  if (format === undefined)
    throw new UsageError(
      `--output: unknown format ${JSON.stringify(name)}; write ${outputFormats.join(', ')}`,
    );
  return { format, path };
}

/**
 * @param output as the flag has it
 * @param configured files by format; one of a format that the flag names too is not written
 * @throws UsageError
 */
export function outputsOf({
  format = 'table',
  output = [],
  outputs: configured = {},
  baseline,
}: {
  readonly format?: Format | undefined;
  readonly output?: readonly string[] | undefined;
  readonly outputs?: Readonly<Partial<Record<OutputFormat, string>>> | undefined;
  readonly baseline?: string | false | undefined;
}): Outputs {
  const said = output.map(fileOf);
  const others = outputFormats.flatMap((one) => {
    const path = configured[one];
    return path === undefined || said.some((file) => file.format === one) ? [] : [{ format: one, path }];
  });
  const files = [...said, ...others];
  const written = new Set<string>();
  for (const { path } of files) {
    const place = resolve(path);
    if (baseline && place === resolve(baseline))
      throw new UsageError(`--output: ${path} is the baseline; name another file`);
    if (written.has(place) && !isSpecial(place))
      throw new UsageError(`--output: two reports for ${path}; name a file for each`);
    written.add(place);
  }
  return { format, files };
}
