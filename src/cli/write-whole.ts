import { appendFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureFolder } from '../ensure-folder.ts';

/** Writes a file, never half of it: beside it first, then renamed. Devices, pipes and /dev/stderr are written to as they are. */
export function writeWhole(path: string, text: string): void {
  ensureFolder(dirname(path));
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined && (isSpecial(path) || !(there.isFile() || there.isDirectory()))) {
    appendFileSync(path, text);
    return;
  }
  // What a link leads to is written, and the link stays one.
  const target = there === undefined ? path : realpathSync(path);
  const part = `${target}.${process.pid}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** Names of what is open already, whatever that is. */
function isSpecial(path: string): boolean {
  return /^\/(?:dev|proc)\//.test(path);
}
