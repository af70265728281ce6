/**
 * What CONTRIBUTING.md says of adding things is true: in a copy of the sources one of each kind is added, by no other
 * files than those that it names, and the program made of them uses it.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { NEWEST_CATALOGUE } from '../src/checks/catalogue.ts';
import type { Report } from '../src/model/report.ts';
import { startServer } from './servers/model-server.ts';
import { ollamaChatSpeech } from './servers/ollama-chat-speech.ts';
import { startOther } from './servers/other-api-server.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const RECORDING = join(root, 'fixtures/recordings/llama.cpp-b11549');
const CONTRIBUTING = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

type Edit = (text: string) => string;

/** Puts a line behind the first one that matches. */
function behind(line: RegExp, added: string): Edit {
  return (text) => {
    const lines = text.split('\n');
    const at = lines.findIndex((one) => line.test(one));
    if (at < 0) throw new Error(`no line matches ${line}`);
    return lines.toSpliced(at + 1, 0, added).join('\n');
  };
}
const all =
  (...edits: readonly Edit[]): Edit =>
  (text) =>
    edits.reduce((made, edit) => edit(made), text);
const imported = (name: string, from: string): Edit => behind(/^import /, `import ${name} from '${from}';`);

const PAGE = `---
id: usage-dummy
level: MUST
modes: [stream]
catalogue: ${NEWEST_CATALOGUE + 1}
title: Dummy
concerns: rest
fault: dummy faults
rule: "A stream has chunks."
needs: [request-answered]
source:
  title: Nothing
  says: "It must not be empty."
---

## The rule

A stream has chunks.

## What breaks downstream

Nothing.

## How to mend it

- Server: send some.
`;

/** What is written for one of each, by the heading of CONTRIBUTING.md. A new file is a text, an edit of one a function. */
const ADDED: Readonly<Record<string, Readonly<Record<string, string | Edit>>>> = {
  check: {
    'src/checks/usage-dummy.ts': `
      import { pass } from '../model/finding.ts';
      import { answerCheck, STREAM } from './support/define-check.ts';

      export default answerCheck({
        id: 'usage-dummy',
        catalogue: ${NEWEST_CATALOGUE + 1},
        classes: ['empty'],
        modes: STREAM,
        needs: ['request-answered'],
        reads: 'events',
        judge: () => pass(),
      });`,
    'src/checks/catalogue.ts': all(
      imported('usageDummy', './usage-dummy.ts'),
      behind(/allChecks.*= \[/, '  usageDummy,'),
    ),
    'docs/checks/usage-dummy.md': PAGE,
  },
  API: {
    'src/apis/dummy-chat.ts': `
      import type { Api } from '../model/api.ts';
      import { ollamaChat } from './ollama-chat.ts';

      export const dummyChat: Api = {
        ...ollamaChat,
        id: 'dummy-chat',
        title: 'Dummy chat',
        endpoint: { ...ollamaChat.endpoint, path: '/api/dummy' },
      };`,
    'src/apis/index.ts': all(imported('{ dummyChat }', './dummy-chat.ts'), (text) =>
      text.replace('  [chat, completions],\n', '  [chat, completions],\n  [dummyChat],\n'),
    ),
    'src/model/api.ts': behind(/apiIds = \[/, "  'dummy-chat',"),
  },
  product: {
    'src/products/dummy.ts': `
      import type { Product } from './product.ts';

      export const dummy: Product = {
        id: 'dummy',
        title: 'Dummy',
        homepage: 'https://example.com',
        gateway: false,
        recognise: async ({ headers }) =>
          headers['server'] === 'dummy' ? { version: '1.2.3', by: 'Server header', certainty: 'certain' } : null,
        comparable: (version) => version,
        deviations: [],
      };`,
    'src/products/index.ts': all(imported('{ dummy }', './dummy.ts'), behind(/^ +portkey,$/, '    dummy,')),
  },
  scenario: {
    'src/scenarios/dummy.ts': `
      import { scenario } from './define.ts';

      export const dummy = scenario({
        id: 'dummy',
        catalogue: ${NEWEST_CATALOGUE + 1},
        about: 'a dummy, limit 8',
        asks: () => [{ prompt: 'Say it.', limit: 8 }],
      });`,
    'src/scenarios/index.ts': all(imported('{ dummy }', './dummy.ts'), behind(/^ {4}text,$/, '    dummy,')),
    'src/model/case-id.ts': behind(/^ {2}'text',$/, "  'dummy',"),
  },
  command: {
    'src/commands/dummy.ts': `
      import { EXIT } from '../model/errors.ts';
      import type { Action } from './support/action.ts';

      export function define(): Action {
        return () => {
          process.stdout.write('done\\n');
          return EXIT.ok;
        };
      }`,
    'src/commands/index.ts': behind(
      /commands.*= \[$/,
      "  { name: 'dummy', usage: '', about: 'a dummy', load: () => import('./dummy.ts') },",
    ),
  },
  reporter: {
    'src/reporters/dummy.ts': `
      import type { Reporter } from './index.ts';

      export const renderDummy: Reporter = ({ servers }) => servers.length + ' dummy\\n';`,
    'src/reporters/index.ts': behind(
      /const loaders/,
      "  dummy: async () => (await import('./dummy.ts')).renderDummy,",
    ),
    'src/model/report.ts': (text) => text.replace(/(formats = \[)/, "$1'dummy', "),
  },
};

/** Paths that a text names in backticks. */
function namedIn(text: string): readonly string[] {
  const named = [...text.matchAll(/`((?:\.ci|src|test|docs|fixtures|bench|scripts|fuzz)\/[^\s`]*)`/g)];
  return named.map(([, path = '']) => path);
}

const sections = new Map(
  CONTRIBUTING.split(/^## /m).map((section) => [section.split('\n', 1)[0] ?? '', section]),
);
/** The files that are written, as the lists of a section begin with them. */
function listed(kind: string): readonly string[] {
  const section = [...sections].find(
    ([title]) => title === `Add a ${kind}` || title === `Add an ${kind}`,
  )?.[1];
  return [...(section ?? '').matchAll(/^- `([^`]+)`/gm)].map(([, path = '']) => path);
}

/** LASTCHUNK_CONTRIBUTING=whole: the copy's types are checked, too, which takes most of the time. */
const WHOLE = process.env.LASTCHUNK_CONTRIBUTING === 'whole';
const TOOLS = [...(WHOLE ? [join(root, 'node_modules/typescript/bin/tsc')] : []), 'scripts/build.mjs'];

let copy = '';

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'lastchunk-copy-'));
  for (const name of ['src', 'docs', 'fixtures/recordings', 'scripts', 'package.json', 'tsconfig.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (const [file, change] of Object.values(ADDED).flatMap(Object.entries<string | Edit>)) {
    const path = join(copy, file);
    writeFileSync(path, typeof change === 'string' ? change : change(readFileSync(path, 'utf8')));
  }
  for (const tool of TOOLS)
    await run(process.execPath, [tool], { cwd: copy }).catch(
      ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
        throw new Error(stdout + stderr);
      },
    );
}, 600_000);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** The program made of the copy; what it printed, whatever its status. */
async function lastchunk(...args: readonly string[]): Promise<string> {
  const main = pathToFileURL(join(copy, 'dist/node/cli.js')).href;
  const script = `import(${JSON.stringify(main)}).then(({ main }) => main(process.argv))`;
  const given = ['-e', script, 'lastchunk', ...args];
  const { stdout } = await run(process.execPath, given, { cwd: copy }).catch(
    (failed: { readonly stdout: string }) => failed,
  );
  return stdout;
}

const reported = async (...args: readonly string[]): Promise<Report> =>
  JSON.parse(await lastchunk('check', ...args, '--format', 'json')) as Report;

it.each(Object.entries(ADDED))('a %s is added by the files that are named, and no others', (kind, files) => {
  const plain = (path: string) => path.replace(/(usage-)?dummy(-chat)?/, 'X');
  expect(listed(kind)).toEqual(expect.arrayContaining(Object.keys(files).map(plain)));
  // What else is named is for people and for tests.
  const others = listed(kind).filter((path) => path.startsWith('src/'));
  expect(others.sort()).toEqual(
    Object.keys(files)
      .map(plain)
      .filter((path) => path.startsWith('src/'))
      .sort(),
  );
});

it.each(['CONTRIBUTING.md', 'docs/architecture.md', 'test/servers/README.md'])(
  '%s names what is there',
  (page) => {
    const named = namedIn(readFileSync(join(root, page), 'utf8')).filter(
      (path) => !/\bX\b|PRODUCT/.test(path),
    );
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);

it('a check that was added judges', async () => {
  const { servers, catalogue } = await reported('--from', RECORDING, '--only', 'usage-dummy');
  expect(catalogue).toBe(NEWEST_CATALOGUE + 1);
  const results = servers.flatMap((server) => server.results);
  expect(results.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(0);
  expect(await lastchunk('explain', 'usage-dummy')).toContain('A stream has chunks.');
});

it('an API that was added is spoken', async () => {
  const server = await startOther({ ...ollamaChatSpeech, path: '/api/dummy' });
  onTestFinished(() => server.close());
  const { summary, servers } = await reported(server.url, '--api', 'dummy-chat', '--suite', 'smoke');
  expect(summary).toMatchObject({ fail: 0, warn: 0, error: 0 });
  expect(
    servers[0]?.results.some(({ check, verdict }) => check === 'usage-present' && verdict === 'pass'),
  ).toBe(true);
});

it('a product that was added is recognised', async () => {
  const server = await startServer({ mapHeaders: (headers) => ({ ...headers, server: 'dummy' }) });
  onTestFinished(() => server.close());
  const { servers } = await reported(server.url, '--suite', 'smoke', '--only', 'request-answered');
  expect(servers[0]).toMatchObject({ product: 'dummy', version: '1.2.3' });
  expect(await lastchunk('list', 'products')).toContain('dummy');
});

it('a scenario that was added is sent', async () => {
  const server = await startServer();
  onTestFinished(() => server.close());
  const { servers } = await reported(server.url, '--only', 'chat/*/dummy');
  const cases = servers.flatMap(({ results }) => results.map((result) => result.case));
  expect([...new Set(cases)]).toEqual(['chat/stream/asked/dummy', 'chat/nonstream/-/dummy']);
  expect(server.requests.filter(({ body }) => body.includes('Say it.')).length).toBeGreaterThanOrEqual(2);
});

it('a command that was added runs', async () => {
  expect(await lastchunk('dummy')).toBe('done\n');
  expect(await lastchunk('--help')).toContain('a dummy');
});

it('a reporter that was added prints', async () => {
  expect(await lastchunk('check', '--from', RECORDING, '--format', 'dummy')).toBe('1 dummy\n');
});
