/** The line that repeats a request is pasted into shells: none of them runs a part of it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { curlCommand } from '../../src/wire/curl.ts';
import { redactor } from '../../src/wire/redact.ts';

const HOSTILE = [
  '$(touch x)',
  '`touch x`',
  '!!',
  '!touch',
  '$KEY',
  '${KEY}',
  "'",
  "''",
  '"',
  '\\',
  '\\\\',
  ' ',
];
const MORE = [
  '; touch x #',
  '\n',
  '\r',
  '\u2019',
  '\u201c',
  '\u200b',
  '|',
  '&',
  '>x',
  '*',
  '~',
  '%',
  'a',
  'é',
  '😀',
];
const text = fc.array(fc.constantFrom(...HOSTILE, ...MORE), { maxLength: 8 }).map((parts) => parts.join(''));
const name = fc
  .array(fc.constantFrom("'", '!', '$', '`', 'touch', 'x', '#', '&', '*', '|', '~', '-key'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => `${parts.join('')}x`);
const request = fc.record({
  url: text.map((part) => new URL(`http://h/v1/${part}?q=${part}`).href),
  headers: fc.dictionary(fc.oneof(name, fc.constantFrom('x-key', 'accept-language')), text),
  body: fc.record({ model: text, prompt: text, stop: fc.array(text) }),
});

/** What curl is given by each of some lines that are typed into an interactive shell. */
function pasted(
  shell: readonly [string, ...string[]],
  lines: readonly string[],
): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'paste-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [program, ...args] = shell;
  const typed = ['curl() { printf "%s\\0" "$@"; printf "\\1"; }', ...lines, 'exit', ''].join('\n');
  const printed = execFileSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    input: typed,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      LC_ALL: 'C.UTF-8',
      KEY: 'the key',
      HISTFILE: '/dev/null',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  expect(readdirSync(folder)).toEqual([]);
  return printed
    .split('\u0001')
    .map((all) => all.split('\0').slice(0, -1))
    .slice(0, -1);
}

const SHELLS = [['/bin/sh'], ['/bin/bash', '--norc', '--noprofile', '-i'], ['/bin/zsh', '-f', '-i']].filter(
  ([program = '']) => existsSync(program),
) as [string, ...string[]][];

describe.each(SHELLS.map((shell) => [shell[0], shell] as const))('pasted into %s', (_name, shell) => {
  it('every line is one call of curl, with the body that was sent', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 40 }), (requests) => {
        const lines = requests.map(({ url, headers, body }) =>
          curlCommand({ method: 'POST', url, body }, headers),
        );
        const calls = pasted(shell, lines);
        expect(calls).toHaveLength(lines.length);
        for (const [at, call] of calls.entries()) {
          expect(JSON.parse(call.at(-1) ?? '')).toEqual(requests[at]?.body);
          expect(call.filter((word) => word === '-H')).toHaveLength(
            Object.keys(requests[at]?.headers ?? {}).length,
          );
        }
      }),
      { numRuns: 6 },
    );
  });

  it('a key is filled in', () => {
    const line = curlCommand(
      { method: 'GET', url: 'http://h/', body: null },
      { authorization: 'Bearer sk-1' },
    );
    const given = ['-sS', '-N', 'http://h/', '-H', 'authorization: Bearer the key'];
    expect(pasted(shell, [line])).toEqual([given]);
  });
});

it('names the variable that held the key', () => {
  const request = { method: 'GET', url: 'http://h/', body: null } as const;
  const line = curlCommand(request, { authorization: 'Bearer sk-1' }, undefined, 'LLM_KEY');
  expect(line).toBe(`curl -sS -N 'http://h/' -H "authorization: Bearer $LLM_KEY"`);
});

it('means to PowerShell what it means to them: quotes of one kind, and nothing in double ones but $KEY', () => {
  const SINGLE = "'[^'\\u2018-\\u201b]*'";
  const DOUBLE = '"[^"\\u201c-\\u201e$`!\\\\]*(?:\\$KEY)?"';
  const line = new RegExp(`^curl -sS -N (?:-[Hd] |(?:${SINGLE}|${DOUBLE})(?: |$))+$`);
  fc.assert(
    fc.property(request, ({ url, headers, body }) => {
      const shown = curlCommand({ method: 'POST', url, body }, headers);
      expect(shown).toMatch(line);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      // Windows PowerShell 5 passes quotes on as they are: what a server chose must not end a word there.
      expect(/"model":"([^"]*)"/.exec(shown)?.[1]).not.toMatch(/[\s"]|\\(?!u[0-9a-f]{4}|n|r)/);
    }),
  );
});

describe('without secrets', () => {
  const key = "it's a 'key'";

  it('names the key, and shows no other header that may hold one', () => {
    const headers = {
      authorization: 'Bearer sk-1',
      'x-api-key': 'sk-2',
      'x-anything': 'hidden',
      '$(x)-key': 'sk-3',
      'content-type': 'application/json',
      'user-agent': 'lastchunk',
    };
    const line = curlCommand({ method: 'POST', url: 'http://h/v1?key=k', body: { prompt: "it's" } }, headers);
    expect(line).toBe(
      `curl -sS -N 'http://h/v1?key=REDACTED' -H "authorization: Bearer $KEY" -H "x-api-key: $KEY" -H 'x-anything: REDACTED' -H '$(x)-key: REDACTED' -H 'content-type: application/json' -d '{"prompt":"it\\u0027s"}'`,
    );
    expect(curlCommand({ method: 'GET', url: 'http://h/', body: null }, {})).toBe("curl -sS -N 'http://h/'");
  });

  it('a secret with apostrophes goes out of body and text', () => {
    for (const body of [{ api_key: key, list: [{ a: `x${key}` }] }, `not JSON ${key}`]) {
      const line = curlCommand({ method: 'POST', url: 'http://h/', body }, {}, redactor([key]));
      expect(line).not.toMatch(/it.{1,6}s a/);
      expect(line).toContain('REDACTED');
    }
  });

  it('a secret that looks like the end of a word takes no quote away', () => {
    const body = { model: 'x; touch x', secret: "/' -d '" };
    const line = curlCommand({ method: 'POST', url: 'http://h/', body }, {}, redactor(["/' -d '", " -d '{"]));
    expect(line).toBe(`curl -sS -N 'http://h/' -d '{"model":"x;\\u0020touch\\u0020x","secret":"REDACTED"}'`);
  });
});

it('brackets of a URL are no pattern to curl', () => {
  const line = curlCommand({ method: 'GET', url: 'http://[::1]:81/v[1-9]?a={b,c}', body: null }, {});
  expect(line).toBe("curl -sS -N 'http://[::1]:81/v%5b1-9%5d?a=%7bb,c%7d'");
});
