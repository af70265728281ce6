import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withLock } from '../../src/launch/lock.ts';
import { ownIdentity } from '../../src/launch/process-identity.ts';
import { temporaryFolder, until } from './temporary.ts';

const lockIn = (folder: string) => path.join(folder, 'deep', 'env.lock');
const flat = (folder: string) => path.join(folder, 'env.lock');

describe('a lock', () => {
  it('lets one in at a time, and goes afterwards', async () => {
    const file = lockIn(temporaryFolder());
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(1);
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(file, {}, work)));
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  it('goes when the work fails', async () => {
    const file = lockIn(temporaryFolder());
    await expect(withLock(file, {}, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    expect(existsSync(file)).toBe(false);
  });

  it('of a dead process is broken, by one of many', async () => {
    const file = flat(temporaryFolder());
    writeFileSync(file, JSON.stringify({ ...ownIdentity(), startTime: '1', token: 'of-the-dead' }));
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(1);
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(file, {}, work)));
    expect(most).toBe(1);
  });

  it('of a process that runs is waited for, and the waiting is said and can be aborted', async () => {
    const file = flat(temporaryFolder());
    writeFileSync(file, JSON.stringify({ ...ownIdentity(), token: 'of-somebody' }));
    const abort = new AbortController();
    const seen: number[] = [];
    const waiting = withLock(
      file,
      { signal: abort.signal, onWait: (pid) => seen.push(pid) },
      async () => 'in',
    );
    const outcome = expect(waiting).rejects.toThrow('enough');
    await until(() => seen.length > 0);
    abort.abort(new Error('enough'));
    await outcome;
    expect(seen).toEqual([process.pid]);
    expect(existsSync(file)).toBe(true);
  });

  it('of another machine is broken once it has been silent for long', async () => {
    const file = flat(temporaryFolder());
    writeFileSync(file, JSON.stringify({ ...ownIdentity(), place: 'elsewhere', token: 't' }));
    const longAgo = new Date(Date.now() - 10 * 60_000);
    utimesSync(file, longAgo, longAgo);
    expect(await withLock(file, {}, async () => 'in')).toBe('in');
  });
});
