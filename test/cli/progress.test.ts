/** How far a run is: on a terminal, and in a pipe. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { progressOn, type Screen } from '../../src/commands/support/progress.ts';
import type { Progress } from '../../src/run/options.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const at = (server: string, change: Partial<Progress> = {}): Progress => ({
  server,
  done: 3,
  of: 20,
  doing: 'chat grow',
  ...change,
});

function screen(change: Partial<Screen> = {}) {
  const written: string[] = [];
  return {
    written,
    isTTY: true,
    columns: 80,
    rows: 24,
    ...change,
    write: (text: string) => written.push(text),
  };
}

/** What a terminal shows in the end: all that was wiped is gone. */
function shown(written: readonly string[]): string {
  const lines = [''];
  for (const part of written.join('').split(/(\r\x1b\[2K|\x1b\[1A\x1b\[2K|\n)/)) {
    if (part === '\n') lines.push('');
    else if (part === '\r\x1b[2K') lines[lines.length - 1] = '';
    else if (part === '\x1b[1A\x1b[2K') lines.splice(-2, 2, '');
    else lines[lines.length - 1] += part;
  }
  return lines.join('\n');
}

it('on a terminal each server has a line, with the time since it began', () => {
  const terminal = screen();
  const progress = progressOn(terminal);
  progress.show(at('a'));
  progress.show(at('b', { doing: 'chat text' }));
  vi.advanceTimersByTime(65_000);
  expect(shown(terminal.written)).toBe('a 1:05 3/~20 chat grow\nb 1:05 3/~20 chat text');
  progress.tell('a: no usage in any chat stream\n');
  expect(shown(terminal.written)).toBe(
    'a: no usage in any chat stream\na 1:05 3/~20 chat grow\nb 1:05 3/~20 chat text',
  );
  progress.end();
  expect(shown(terminal.written)).toBe('a: no usage in any chat stream\n');
});

it('where there is no room for a line each, all share one that is cut', () => {
  const terminal = screen({ rows: 3, columns: 40 });
  const progress = progressOn(terminal);
  for (const name of ['a', 'b', 'c']) progress.show(at(name));
  expect(shown(terminal.written)).toBe('a 0:00 3/~20 chat grow · b 0:00 3/~20 c');
  progress.end();
});

it('in a pipe there is a line each 30 s, and none of a run that is over sooner', () => {
  const pipe = screen({ isTTY: false });
  const progress = progressOn(pipe);
  progress.show(at('a'));
  progress.tell('nothing for a pipe\n');
  vi.advanceTimersByTime(29_000);
  expect(pipe.written).toEqual([]);
  vi.advanceTimersByTime(31_000);
  expect(pipe.written).toEqual([
    'lastchunk: still at work: a 0:30 3/~20 chat grow\n',
    'lastchunk: still at work: a 1:00 3/~20 chat grow\n',
  ]);
  progress.end();
  vi.advanceTimersByTime(60_000);
  expect(pipe.written).toHaveLength(2);
});

it('what is waited for, and how long, is said at once, once', () => {
  const pipe = screen({ isTTY: false });
  const progress = progressOn(pipe);
  const waiting = at('a', { done: 1, of: 0, doing: 'waiting for it to answer (refused)', waitMs: 60_000 });
  progress.show(waiting);
  progress.show({ ...waiting, done: 2 });
  expect(pipe.written).toEqual(['lastchunk: a 0:00 waiting for it to answer (refused), 60 s at most\n']);
  progress.end();
});

it('what a server calls itself moves no cursor', () => {
  const terminal = screen();
  const progress = progressOn(terminal);
  progress.show(at('a\x1b[2J\n'));
  expect(terminal.written.join('')).not.toContain('\x1b[2J');
  expect(shown(terminal.written)).not.toContain('\n');
  progress.end();
});
