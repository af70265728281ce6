/** A YAML or JSON file as written: its values, and on which line each of them stands. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { ConfigError } from '../model/errors.ts';
import { readBounded } from '../text/read-bounded.ts';
import { FilledIn } from './filled-in.ts';
import { type Path, shownKeys, shownPath } from './shown-place.ts';
import { outOfBounds } from './yaml-bounds.ts';

const MOST_BYTES = 2_000_000;
const MOST_VALUES = 100_000;

/** A file, parsed; `wrong` makes the error that names a place in it. */
export class YamlSource {
  readonly file: string;
  readonly text: string;
  readonly document: Document;
  /** What is in the document and not in the text. */
  readonly filled = new FilledIn();
  readonly #lines: LineCounter;
  readonly #pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>();

  /** @throws ConfigError where the text is no YAML */
  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#lines = new LineCounter();
    const beyond = outOfBounds(text);
    if (beyond !== null) {
      const line = text.slice(0, beyond.offset).split(/\r\n|\r|\n/).length;
      throw new ConfigError(`${shownPath(file)}:${line}: not valid YAML: ${beyond.what}`);
    }
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
      // Throws where an anchor holds itself; what is said by aliases counts as often as it is said.
      let values = 0;
      JSON.stringify(value, (_key, item: unknown) => {
        values += 1;
        if (values > MOST_VALUES) throw new Error(`over ${MOST_VALUES} values`);
        return item;
      });
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
    return new ConfigError(`${shownPath(this.file)}:${line}: ${where}${this.filled.asWritten(what)}`);
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
    let node: unknown = this.document.contents;
    let offset: number | null = null;
    for (const key of path) {
      const pair: Pair | undefined = isMap(node) ? this.#pairsOf(node).get(String(key)) : undefined;
      node = isSeq(node) ? node.items[Number(key)] : pair?.value;
      const shown: unknown = isNode(pair?.key) ? pair.key : node;
      offset = isNode(shown) ? (shown.range?.[0] ?? null) : null;
    }
    return offset;
  }

  /** By name: what is wrong may be wrong with each of very many. */
  #pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#pairs.get(map);
    if (known !== undefined) return known;
    const pairs = new Map(map.items.map((pair) => [nameOf(pair.key), pair]));
    this.#pairs.set(map, pairs);
    return pairs;
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
  let bytes: Buffer | null;
  try {
    bytes = readBounded(file, MOST_BYTES);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigError(
      `${shownPath(file)}: ${code === 'ENOENT' ? 'no such file' : `can't be read (${code})`}`,
    );
  }
  if (bytes === null) throw new ConfigError(`${shownPath(file)}: too large to be a config file`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const before = bytes.toString('utf8').split('\ufffd', 1)[0] ?? '';
    const line = before.split('\n').length;
    throw new ConfigError(`${shownPath(file)}:${line}: not valid YAML: not written in UTF-8`);
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replace(/:$/, '') ?? '';
}
