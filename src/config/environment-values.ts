/** `${NAME}` in the values of a config file. */
import { isMap, isScalar, isSeq, type Scalar } from 'yaml';
import type { Path, YamlSource } from './yaml-source.ts';

const MARK = '$';

/** Puts the environment into all texts of a file; `$${` stands for a `${` that is meant as it is. @throws ConfigError */
export function fillIn(source: YamlSource, environment: NodeJS.ProcessEnv): void {
  const fill = (node: Scalar, path: Path) => {
    if (typeof node.value !== 'string' || !node.value.includes('${')) return;
    node.value = node.value.replace(
      /(\$?)\$\{([^}]*)(\}?)/g,
      (whole, escaped: string, name: string, end: string) => {
        if (escaped !== '') return whole.slice(1);
        if (!/^[A-Za-z_]\w*$/.test(name) || end === '')
          throw source.wrong(
            path,
            `expected ${MARK}{NAME}, the name of an environment variable (${MARK}${MARK}{ for a plain ${MARK}{)`,
          );
        const value = environment[name];
        if (value === undefined) throw source.wrong(path, `the environment variable ${name} is not set`);
        return value;
      },
    );
  };
  const walk = (node: unknown, path: Path): void => {
    if (isScalar(node)) fill(node, path);
    else if (isSeq(node)) for (const [i, item] of node.items.entries()) walk(item, [...path, i]);
    else if (isMap(node))
      for (const { key, value } of node.items)
        walk(value, [...path, isScalar(key) ? String(key.value) : '?']);
  };
  walk(source.document.contents, []);
}
