/** Reads lastchunk-baseline.yaml. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../model/errors.ts';
import type { ExpectedFailure } from '../model/report.ts';
import { baselineSchema } from './baseline-schema.ts';
import { shownPath } from './shown-place.ts';
import { validate } from './validate.ts';
import { readSource, YamlSource } from './yaml-source.ts';

const EMPTY = `# Failures that are known: they do not fail the run. An entry that nothing fails for any more does.
expected: []
`;

export interface BaselineFile {
  /** Absolute. */
  readonly file: string;
  /** True where there is none yet. */
  readonly isNew: boolean;
  readonly expected: readonly ExpectedFailure[];
  /** As written, with its comments. */
  readonly source: YamlSource;
}

/**
 * @param mayLack true where it is about to be written
 * @throws ConfigError
 */
export function readBaseline(path: string, mayLack: boolean): BaselineFile {
  const file = resolve(path);
  const isNew = !existsSync(file);
  if (isNew && !mayLack)
    throw new ConfigError(
      `${shownPath(file)}: no such file; make it with --update-baseline, or leave it out`,
    );
  const source = isNew ? new YamlSource(file, EMPTY) : readSource(file);
  return { file, isNew, expected: validate(source, baselineSchema).expected, source };
}
