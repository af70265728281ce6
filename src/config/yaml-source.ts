/** A YAML or JSON file as written: its values, and on which line each of them stands. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Scalar,
} from 'yaml';
import { ConfigError } from '../model/errors.ts';

export type Path = readonly PropertyKey[];

const MOST_BYTES = 4_000_000;

/** A file, parsed; `wrong` makes the error that names a place in it. */
export class YamlSource {
  readonly file: string;
  readonly text: string;
  readonly document: Document;
  readonly #lines: LineCounter;

  /** @throws ConfigError where the text is no YAML */
  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#lines = new LineCounter();
    this.document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      merge: true,
      keepSourceTokens: true,
      // Told below, with the path.
      uniqueKeys: false,
      // What yaml would warn of is an error here, or is said by the schema.
      logLevel: 'error',
    });
    const [problem] = [...this.document.errors, ...this.document.warnings];
    if (problem !== undefined) {
      const { line } = this.#lines.linePos(problem.pos[0]);
      const what =
        problem.code === 'MULTIPLE_DOCS'
          ? 'more than one document'
          : firstLine(problem.message).replace(/^Maximum call stack.*/, 'nested too deeply');
      throw new ConfigError(`${shownPath(file)}:${line}: not valid YAML: ${what}`);
    }
    this.#mustHaveEachKeyOnce();
  }

  /** The values as plain data. @throws ConfigError on an alias without an anchor */
  value(): unknown {
    try {
      const value = this.document.toJS({ maxAliasCount: 100 }) as unknown;
      // Throws where an anchor holds itself.
      JSON.stringify(value);
      return value;
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).replace(
        /^Converting circular.*/s,
        'an anchor (&) that holds itself',
      );
      for (const [node, path] of nodesIn(this.document.contents, []))
        if (isAlias(node) && node.resolve(this.document) === undefined)
          throw this.wrong(
            path,
            `not valid YAML: *${node.source} without an anchor &${node.source} above it`,
          );
      throw new ConfigError(`${shownPath(this.file)}: not valid YAML: ${firstLine(why)}`);
    }
  }

  /** All single values as written, with their paths. */
  *scalars(): Generator<readonly [Scalar, Path]> {
    for (const [node, path] of nodesIn(this.document.contents, [])) if (isScalar(node)) yield [node, path];
  }

  /** The error for a place: `lastchunk.yaml:4: servers[0].url: expected …`. */
  wrong(path: Path, what: string): ConfigError {
    return this.#wrongAt(this.lineOf(path), path, what);
  }

  #wrongAt(line: number, path: Path, what: string): ConfigError {
    const where = path.length === 0 ? '' : `${shownKeys(path)}: `;
    return new ConfigError(`${shownPath(this.file)}:${line}: ${where}${what}`);
  }

  #mustHaveEachKeyOnce(): void {
    for (const [node, path] of nodesIn(this.document.contents, [])) {
      if (!isMap(node)) continue;
      const seen = new Set<string>();
      for (const { key } of node.items) {
        const name = nameOf(key);
        if (seen.has(name) && name !== '<<') {
          const { line } = this.#lines.linePos(isNode(key) ? (key.range?.[0] ?? 0) : 0);
          throw this.#wrongAt(line, [...path, name], 'this key stands here twice');
        }
        seen.add(name);
      }
    }
  }

  /** The line a value stands on; that of what it should stand in, where it lacks. */
  lineOf(path: Path): number {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = this.#offsetOf(path.slice(0, length));
      if (offset !== null) return this.#lines.linePos(offset).line;
    }
    const start = this.document.contents?.range?.[0] ?? 0;
    return this.#lines.linePos(start).line;
  }

  #offsetOf(path: Path): number | null {
    const parent: unknown =
      path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1), true);
    const last = path.at(-1);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => nameOf(key) === String(last));
      if (isNode(pair?.key)) return pair.key.range?.[0] ?? null;
    }
    const node: unknown = this.document.getIn(path, true);
    return isNode(node) ? (node.range?.[0] ?? null) : null;
  }
}

function* nodesIn(node: unknown, path: Path): Generator<readonly [unknown, Path]> {
  yield [node, path];
  if (isSeq(node)) for (const [i, item] of node.items.entries()) yield* nodesIn(item, [...path, i]);
  else if (isMap(node))
    for (const { key, value } of node.items) yield* nodesIn(value, [...path, nameOf(key)]);
}

/** A key as it is called in the plain data. */
function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value ?? '') : String(key);
}

/** @throws ConfigError where the file can't be read */
export function readSource(file: string): YamlSource {
  return new YamlSource(file, readText(file));
}

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigError(
      `${shownPath(file)}: ${code === 'ENOENT' ? 'no such file' : `can't be read (${code})`}`,
    );
  }
  if (bytes.length > MOST_BYTES) throw new ConfigError(`${shownPath(file)}: too large to be a config file`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const before = bytes.toString('utf8').split('\ufffd', 1)[0] ?? '';
    const line = before.split('\n').length;
    throw new ConfigError(`${shownPath(file)}:${line}: not valid YAML: not written in UTF-8`);
  }
}

/** As short as it can be said from here. */
export function shownPath(file: string): string {
  const near = relative(process.cwd(), file);
  return near === '' || near.startsWith('..') ? file : near;
}

/** `servers[0].headers["x y"]` */
export function shownKeys(path: Path): string {
  return path
    .map((key, i) => {
      if (typeof key === 'number') return `[${key}]`;
      const name = String(key);
      if (!/^[\w$-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
      return i === 0 ? name : `.${name}`;
    })
    .join('');
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replace(/:$/, '') ?? '';
}
