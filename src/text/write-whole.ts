import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ensureFolder } from './ensure-folder.ts';

/**
 * Writes a file as a whole: to a temporary file beside it, which is then renamed. A read-only file is not replaced.
 * Devices, pipes and /dev/stderr are written to directly. Temporary files of processes that were killed are removed.
 *
 * @param isNew true where nothing may stand there yet
 * @throws the error of the system; EEXIST where `isNew` and there is something
 */
export function writeWhole(file: string, text: string, isNew = false): void {
  const path = resolve(file);
  // If output is sent to a file, opening that anew would write it from its start.
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
  removeLeftParts(target);
  const part = `${target}.${process.pid}.part`;
  try {
    writeToDisk(part, text, there?.mode);
    if (isNew) moveToFree(part, target);
    else renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** Paths that name a file descriptor which is open already. */
export function isSpecial(path: string): boolean {
  return /^\/(?:dev|proc)\//.test(path);
}

/** A full disk may not be reported before the data is flushed. */
function writeToDisk(part: string, text: string, mode: number | undefined): void {
  const opened = openSync(part, 'w', mode);
  try {
    writeFileSync(opened, text);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** A rename would replace a file that another process has made meanwhile; a link fails. */
function moveToFree(part: string, target: string): void {
  try {
    linkSync(part, target);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error;
    // A file system without links.
    renameSync(part, target);
  }
  rmSync(part, { force: true });
}

/** Temporary files of this file that belong to processes which have ended. */
function removeLeftParts(target: string): void {
  const name = basename(target);
  try {
    for (const one of readdirSync(dirname(target))) {
      const pid = one.startsWith(`${name}.`)
        ? /^\.(\d+)\.part$/.exec(one.slice(name.length))?.[1]
        : undefined;
      if (pid === undefined || lives(Number(pid))) continue;
      const part = join(dirname(target), one);
      if (statSync(part).mtimeMs < performance.timeOrigin) rmSync(part);
    }
  } catch {
    // Failing to clean up must not keep the file from being written.
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
