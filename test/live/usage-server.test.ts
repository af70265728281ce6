/**
 * recipes/llama-cpp-python/usage_server.py on real versions: `check` passes in front of it, and each count is that of the tokens
 * which the model was given and made. LASTCHUNK_LIVE="usage-server 0.2.84" chooses a version.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedServer, launch } from '../../src/launch/launch.ts';
import type { RecipeOptions } from '../../src/launch/recipe.ts';
import { recipeFor } from '../../src/products/recipe-for.ts';
import { checkServers } from '../../src/run/run.ts';
import { type Asked, answerTo, type Counts } from './usage-server-answer.ts';
import { CONTEXT, requests, tools } from './usage-server-requests.ts';
import { isWanted } from './wanted.ts';

const fileOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const context = { cacheFolder: fileOf('.live'), model: fileOf('fixtures/models/stories260K-f32.gguf') };
const RECIPE = fileOf('recipes/llama-cpp-python/usage_server.py');
const WITNESS = fileOf('test/live/usage-server-witness.py');

/** Starts Python on these arguments in the place of `-m llama_cpp.server`. */
function start(version: string, script: readonly string[], options: RecipeOptions): Promise<LaunchedServer> {
  const recipe = recipeFor('llama-cpp-python', options);
  return launch(
    {
      ...recipe,
      command: (prepared, target) => {
        const { argv, ...rest } = recipe.command(prepared, target);
        const [program, , , ...flags] = argv;
        return { ...rest, argv: [program, ...script, ...flags] };
      },
    },
    version,
    context,
  );
}

/** What the witness wrote of one generation. */
interface Generation {
  readonly prompt: unknown;
  readonly given: number;
  readonly made: readonly number[];
  readonly end: number;
}

/** In an empty folder of its own. */
const newLog = () =>
  path.join(mkdtempSync(path.join(tmpdir(), 'lastchunk-usage-server-')), 'generations.ndjson');

/** Reads the generations that were written since it was last called. */
function readerOf(log: string): () => Generation[] {
  let read = 0;
  return () => {
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    const fresh = lines.slice(read).map((line) => JSON.parse(line) as Generation);
    read = lines.length;
    return fresh;
  };
}

function countsOf(generations: readonly Generation[]): Counts {
  const prompt = generations.reduce((sum, { given }) => sum + given, 0);
  const completion = generations.reduce(
    (sum, { made, end }) => sum + made.filter((token) => token !== end).length,
    0,
  );
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/** What is not as it is known, tried on the version itself: the line of Python, and what is to be said. */
const strangers: readonly (readonly [change: string, reason: string])[] = [
  ["import sys; sys.modules['llama_cpp'] = None", 'ModuleNotFoundError: import of llama_cpp halted'],
  ['import llama_cpp; del llama_cpp.Llama._create_completion', 'AttributeError'],
  ['import llama_cpp; llama_cpp.Llama.generate = lambda self, tokens: []', 'Llama.generate is no generator'],
  [
    'import llama_cpp; llama_cpp.Llama.__call__ = lambda self, stream, stream_options: self.create_completion()',
    'Llama.__call__ takes other options',
  ],
  ['import llama_cpp.server.app', 'create_completion takes another request'],
];

for (const version of ['0.2.84', '0.2.87', '0.3.36']) {
  // A grammar kills 0.2.84, with and without the recipe.
  const grammars = version !== '0.2.84';

  describe.runIf(isWanted(`usage-server ${version}`))(
    `usage_server.py on llama-cpp-python ${version}`,
    () => {
      it('lastchunk check: every check of usage passes, in chat and completions', async () => {
        const server = await start(version, [RECIPE], {});
        try {
          const report = await checkServers([{ name: version, url: server.baseUrl }], { seed: 7 });
          const [checked] = report.servers;
          expect(checked).toMatchObject({ product: 'llama-cpp-python', version });
          const results = checked?.results ?? [];
          const broken = (verdict: string) => [
            ...new Set(
              results.filter((one) => one.verdict === verdict).map(({ api, check }) => `${api} ${check}`),
            ),
          ];
          expect(broken('fail')).toEqual(grammars ? [] : ['chat server-survives']);
          // It takes no notice of max_completion_tokens, refuses lists of prompts, and cuts a stream for the next request.
          const known = [
            'chat completion-within-limit',
            'chat request-answered',
            'completions request-answered',
          ];
          const cut = ['chat parallel-independent', 'completions parallel-independent'];
          expect([...known, ...cut]).toEqual(expect.arrayContaining(broken('warn')));
          for (const api of ['chat', 'completions']) {
            const passed = new Set(
              results.filter((one) => one.api === api && one.verdict === 'pass').map(({ check }) => check),
            );
            expect([...passed]).toEqual(
              expect.arrayContaining([
                ...['usage-present', 'usage-complete', 'usage-integers', 'usage-plain-json', 'usage-total'],
                ...[
                  'usage-nonzero',
                  'usage-once',
                  'usage-last',
                  'usage-chunk-choices-empty',
                  'usage-chunk-id',
                ],
                ...['usage-chunk-envelope', 'usage-null-before', 'usage-unrequested', 'nonstream-usage'],
                ...[
                  'prompt-stable',
                  'prompt-grows',
                  'prompt-matches-nonstream',
                  'completion-matches-nonstream',
                ],
                ...['completion-within-limit', 'completion-equals-limit', 'finish-reason-length'],
              ]),
            );
          }
        } finally {
          await server.stop();
        }
      });

      describe('beside a witness', () => {
        let server: LaunchedServer;
        let log: string;
        let generations: () => Generation[];
        beforeAll(async () => {
          log = newLog();
          server = await start(version, [WITNESS, RECIPE, log], { contextLength: CONTEXT });
          generations = readerOf(log);
        });
        afterAll(async () => {
          await server.stop();
          rmSync(path.dirname(log), { recursive: true });
        });

        it('240 random requests: usage is what the model was given and made', async () => {
          const wrong: unknown[] = [];
          const seen = new Set<string>();
          for (const asked of requests(240, 16, grammars)) {
            const answer = await answerTo(server.baseUrl, asked);
            const made = generations();
            const counts = countsOf(made);
            const expected = asked.usage ? counts : null;
            try {
              expect(answer.problems).toEqual([]);
              expect(answer.usage).toEqual(expected);
            } catch {
              wrong.push({ asked, answer, made });
            }
            seen.add(`${asked.kind} ${asked.stream ? 'streamed' : 'whole'}`);
            if (made.some((one) => one.made.includes(one.end))) seen.add('ended by the model');
            if (counts.total_tokens === CONTEXT) seen.add('window full');
            if (asked.stream && counts.completion_tokens > answer.pieces) seen.add('tokens hidden in chunks');
          }
          expect(wrong).toEqual([]);
          expect([...seen]).toEqual(
            expect.arrayContaining(['ended by the model', 'window full', 'tokens hidden in chunks']),
          );
          for (const kind of new Set(requests(240, 16, grammars).map((asked) => asked.kind)))
            expect([...seen]).toEqual(expect.arrayContaining([`${kind} streamed`, `${kind} whole`]));
        });

        it('a stream that a new request cuts has no usage, one that came to its end has; the new one is right', async () => {
          generations();
          const outcomes = new Set<string>();
          for (let pair = 0; pair < 42; pair += 1) {
            const streamed = (prompt: string, max_tokens: number): Asked => ({
              ...{ kind: 'pair', api: 'completions', stream: true, usage: true },
              body: { prompt, max_tokens, stream_options: { include_usage: true } },
            });
            // The new one is asked for at another chunk each time, the last of which is the finish; or early in a long answer.
            const limit = pair % 2 === 0 ? 6 : 60;
            const moment = limit === 6 ? 1 + ((pair / 2) % 7) : 2;
            let next: ReturnType<typeof answerTo> | undefined;
            const first = await answerTo(server.baseUrl, streamed(`First ${pair}`, limit), (pieces) => {
              if (pieces === moment) next = answerTo(server.baseUrl, streamed(`Next ${pair}`, 6));
            });
            const second = await next;
            const made = generations();
            const of = (prompt: string) => countsOf(made.filter((one) => one.prompt === prompt));
            if (second !== undefined) {
              expect(second.problems).toEqual([]);
              expect(second.usage).toEqual(of(`Next ${pair}`));
            }
            expect(first.usage).toEqual(first.finished ? of(`First ${pair}`) : null);
            outcomes.add(first.finished ? 'whole' : 'cut');
          }
          expect([...outcomes].sort()).toEqual(['cut', 'whole']);
        });

        it('32 requests at once: each has its own counts', async () => {
          generations();
          const asked = Array.from({ length: 32 }, (_, index): Asked => {
            const prompt = `${'Tom and '.repeat(index % 7)}Lily ${index}`;
            return {
              kind: 'many',
              api: 'completions',
              stream: false,
              usage: true,
              body: { prompt, max_tokens: 1 + index },
            };
          });
          const answers = await Promise.all(asked.map((one) => answerTo(server.baseUrl, one)));
          const made = generations();
          expect(answers.map(({ usage }) => usage)).toEqual(
            asked.map(({ body }) => countsOf(made.filter((one) => one.prompt === body.prompt))),
          );
        });
      });

      it.runIf(grammars)('a tool that the model chose is counted with the choosing', async () => {
        const log = path.join(
          mkdtempSync(path.join(tmpdir(), 'lastchunk-usage-server-')),
          'generations.ndjson',
        );
        const extraArgs = ['--chat_format', 'chatml-function-calling'];
        const server = await start(version, [WITNESS, RECIPE, log], { contextLength: 1024, extraArgs });
        try {
          const generations = readerOf(log);
          for (const [stream, tool_choice] of [
            [false, 'auto'],
            [true, 'none'],
            [true, { type: 'function', function: { name: 'weather' } }],
          ] as const) {
            const messages = [{ role: 'user', content: 'Is it warm in Oslo?' }];
            const body = { messages, tools, tool_choice, max_tokens: 60, seed: 1 };
            const asked = { stream_options: { include_usage: true } };
            const answer = await answerTo(server.baseUrl, {
              ...{
                kind: 'tools',
                api: 'chat',
                stream,
                usage: true,
                body: stream ? { ...body, ...asked } : body,
              },
            });
            const made = generations();
            expect(answer.problems).toEqual([]);
            expect(answer.usage).toEqual(countsOf(made));
            if (tool_choice === 'auto') expect(made.length).toBeGreaterThan(1);
          }
        } finally {
          await server.stop();
          rmSync(path.dirname(log), { recursive: true });
        }
      });

      it.each(strangers)('%s: refused in one line', async (change, reason) => {
        const { program } = await recipeFor('llama-cpp-python').prepare(version, context);
        const python = `${change}; import runpy; runpy.run_path(${JSON.stringify(RECIPE)}, run_name='__main__')`;
        const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
          execFile(program, ['-c', python], (error, _stdout, text) =>
            resolve({ code: error?.code ?? 0, stderr: text }),
          );
        });
        expect(stderr).toMatch(
          /^usage_server\.py: not started: llama-cpp-python .* is not as this file knows it \(.*\)\n$/,
        );
        expect(stderr).toContain(reason);
        expect(code).toBe(1);
      });
    },
  );
}
