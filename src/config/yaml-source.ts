/** A YAML or JSON file as written: its values, and on which line each of them stands. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';

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
    this.document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const [error] = this.document.errors;
    if (error !== undefined) {
      const { line } = this.#lines.linePos(error.pos[0]);
      throw new ConfigError(`${shownPath(file)}:${line}: not valid YAML: ${firstLine(error.message)}`);
    }
  }

  /** The values as plain data. @throws ConfigError on an alias without an anchor */
  value(): unknown {
    try {
      return this.document.toJS({ maxAliasCount: 100 }) as unknown;
    } catch (error) {
      throw new ConfigError(`${shownPath(this.file)}: not valid YAML: ${firstLine(String(error))}`);
    }
  }

  /** The error for a place: `lastchunk.yaml:4: servers[0].url: expected …`. */
  wrong(path: Path, what: string): ConfigError {
    const where = path.length === 0 ? '' : `${shownKeys(path)}: `;
    return new ConfigError(`${shownPath(this.file)}:${this.lineOf(path)}: ${where}${what}`);
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
      const pair = parent.items.find(({ key }) => (isScalar(key) ? key.value : key) === last);
      if (isNode(pair?.key)) return pair.key.range?.[0] ?? null;
    }
    const node: unknown = this.document.getIn(path, true);
    return isNode(node) ? (node.range?.[0] ?? null) : null;
  }
}

/** @throws ConfigError where the file can't be read */
export function readSource(file: string): YamlSource {
  return new YamlSource(file, readText(file));
}

function readText(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigError(
      `${shownPath(file)}: ${code === 'ENOENT' ? 'no such file' : `can't be read (${code})`}`,
    );
  }
  if (text.length > MOST_BYTES) throw new ConfigError(`${shownPath(file)}: too large to be a config file`);
  return text;
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
