/** How files, and places in them, are named in messages. */
import { relative } from 'node:path';

/** The keys that lead to a value. */
export type Path = readonly PropertyKey[];

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
