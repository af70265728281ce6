/** Real servers, installed and started here; what they are found to do is what was measured on the wire. */
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '../../src/apis/index.ts';
import { everything } from '../../src/config/selection.ts';
import { launch } from '../../src/launch/launch.ts';
import type { Report } from '../../src/model/report.ts';
import { recipeFor } from '../../src/products/recipe-for.ts';
import { checkServers } from '../../src/run/run.ts';
import { isWanted } from './wanted.ts';

const cacheFolder = fileURLToPath(new URL('../../.live', import.meta.url));
const model = fileURLToPath(new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url));

async function check(product: string, version: string): Promise<Report> {
  const server = await launch(recipeFor(product), version, { cacheFolder, model, onProgress: () => {} });
  try {
    return await checkServers(
      [
        {
          name: product,
          url: server.baseUrl,
          model: server.servedModel ?? null,
          headers: {},
          label: null,
          profile: null,
        },
      ],
      {
        apis: [...apis.keys()],
        suite: 'full',
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
    );
  } finally {
    await server.stop();
  }
}

const verdictsOf = (report: Report, id: string, api: string) =>
  new Set(
    report.servers
      .flatMap(({ results }) => results)
      .filter((result) => result.check === id && result.api === api && result.verdict !== 'skip')
      .map(({ verdict }) => verdict),
  );
const failing = (report: Report) =>
  new Set(
    report.servers
      .flatMap(({ results }) => results)
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ check: id, api }) => `${api} ${id}`),
  );

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
    'sends usage when asked, in chat as the specification has it',
    async () => {
      const report = await check('xllamacpp', '2026.10.11549');
      expect(report.servers[0]).toMatchObject({ product: 'llama.cpp' });
      for (const id of [
        'usage-present',
        'usage-total',
        'usage-once',
        'usage-chunk-choices-empty',
        'usage-unrequested',
        'completion-equals-limit',
        'prompt-matches-nonstream',
      ]) {
        expect([id, [...verdictsOf(report, id, 'chat')]]).toEqual([id, ['pass']]);
      }
      // Legacy completions always carry usage on the finish chunk: https://github.com/ggml-org/llama.cpp/pull/10974
      expect(failing(report)).toContain('completions usage-unrequested');
      expect(failing(report)).toContain('completions usage-chunk-choices-empty');
      expect([...failing(report)].filter((id) => id.startsWith('chat '))).toEqual([]);
    },
  );
});
