/** Programs that are launched and do not want to end, print without end, or leave others behind. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folder } from '../cli/lastchunk.ts';
import { isAlive } from '../launch/temporary.ts';
import { command } from './command.ts';
import { expectHarmlessText } from './outputs.ts';
import { WHOLE } from './whole.ts';

const PROGRAM = fileURLToPath(new URL('programs/server.mjs', import.meta.url));

/** None of them serves a single answer that can be judged. */
const quick = ['deaf family', 'dies talking'];
const slow = ['deaf', 'talkative', 'one line', 'silent', 'stops reading', 'floods'];

describe.runIf(process.platform !== 'win32')('a program that is', () => {
  it.each(WHOLE ? [...quick, ...slow] : quick)(
    '%s: ended with all it started, and said to have failed',
    async (mode) => {
      const cache = folder();
      const pids = join(cache, 'pids');
      const program = `${process.execPath} ${PROGRAM} "${mode}" {port} ${pids}`;
      const { code, stdout, stderr } = await command(
        [
          ...['upgrade', 'zoo', '--versions', '1', '--command', program, '--suite', 'smoke', '--api', 'chat'],
          ...['--start-timeout', '2', '--timeout', '1', '--reference', 'none', '--no-confirm', '--seed', '1'],
        ],
        { LASTCHUNK_CACHE: cache },
      );
      expect([1, 3]).toContain(code);
      expectHarmlessText(stdout + stderr.replaceAll('\r', ''), [], mode);
      expect(existsSync(pids)).toBe(true);
      const left = readFileSync(pids, 'utf8').trim().split('\n').map(Number).filter(isAlive);
      for (const pid of left) process.kill(pid, 'SIGKILL');
      expect(left).toEqual([]);
    },
  );
});
