/** `${NAME}` in the values of a config file. */
import { shownKeys } from './shown-place.ts';
import type { YamlSource } from './yaml-source.ts';

export const VARIABLE_NAME = /^[A-Za-z_]\w*$/;

/** A pattern of texts that name a variable, for JSON Schema. */
export const VARIABLE = '\\$\\{[A-Za-z_]\\w*\\}';

const MARK = '$';

/** Characters that variables put into one file. */
const MOST_FILLED = 1_000_000;

/** Puts the environment into all texts of a file, which errors go on to show as written; `$${` stands for a `${` that is meant as it is. @throws ConfigError */
export function fillIn(source: YamlSource, environment: NodeJS.ProcessEnv): void {
  let filled = 0;
  for (const [node, path] of source.scalars()) {
    if (typeof node.value !== 'string' || !node.value.includes('${')) continue;
    const written = node.value;
    const value = written.replace(
      /(\$?)\$\{([^}]*)(\}?)/g,
      (whole, escaped: string, name: string, end: string) => {
        if (escaped !== '') return whole.slice(1);
        if (!VARIABLE_NAME.test(name) || end === '')
          throw source.wrong(
            path,
            `expected ${MARK}{NAME}, the name of an environment variable (${MARK}${MARK}{ for a plain ${MARK}{)`,
          );
        const given = environment[name];
        if (given === undefined) throw source.wrong(path, `the environment variable ${name} is not set`);
        filled += given.length;
        if (filled > MOST_FILLED)
          throw source.wrong(path, `variables put over ${MOST_FILLED} characters into this file`);
        source.filled.variable(name, given);
        return given;
      },
    );
    node.value = value;
    source.filled.text(shownKeys(path), written, value);
  }
}
