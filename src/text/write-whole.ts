import {
  accessSync,
  appendFileSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ensureFolder } from './ensure-folder.ts';

/** Writes a file, never half of it: beside it first, then renamed; one that may not be written is not. Devices, pipes and /dev/stderr are written to as they are. */
export function writeWhole(file: string, text: string): void {
  const path = resolve(file);
  // Opened anew, a file that output was sent to would be written from its start.
  const stream = { '/dev/stdout': process.stdout, '/dev/stderr': process.stderr }[path];
  if (stream !== undefined) {
    stream.write(text);
    return;
  }
  ensureFolder(dirname(path));
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined && (isSpecial(path) || !(there.isFile() || there.isDirectory()))) {
    appendFileSync(path, text);
    return;
  }
  // What a link leads to is written, and the link stays one.
  const target = there === undefined ? path : realpathSync(path);
  if (there !== undefined) accessSync(target, constants.W_OK);
  const part = `${target}.${process.pid}.part`;
  try {
    writeFileSync(part, text, there === undefined ? {} : { mode: there.mode });
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** Names of what is open already, whatever that is. */
export function isSpecial(path: string): boolean {
  return /^\/(?:dev|proc)\//.test(path);
}
