/** Reports made up for tests: what four servers might have answered. Nothing here was measured. */
import { summarise } from '../../src/judge/summary.ts';
import type { ApiId } from '../../src/model/api.ts';
import type { CheckWords, Concern, Report, Result, ServerReport, Verdict } from '../../src/model/report.ts';
import { completedResult } from '../../src/reporters/older-reports.ts';

const mustInStreams = [
  ...[
    'request-answered',
    'stream-options-accepted',
    'stream-end',
    'usage-present',
    'usage-complete',
    'usage-integers',
  ],
  ...['usage-nonzero', 'usage-total', 'usage-chunk-choices-empty', 'usage-once', 'usage-last'],
];
const moreInStreams = [
  ...['prompt-stable', 'prompt-grows', 'prompt-matches-nonstream', 'completion-matches-nonstream'],
  ...[
    'completion-equals-limit',
    'completion-within-limit',
    'reasoning-counted',
    'usage-consistent',
    'finish-once',
  ],
  ...['event-json', 'sse-framing', 'server-survives'],
];
const inStreams = [...mustInStreams, 'usage-null-before', 'usage-unrequested', ...moreInStreams];
const inAnswers = [
  ...['request-answered', 'nonstream-usage', 'prompt-stable', 'prompt-grows', 'completion-equals-limit'],
  ...['completion-within-limit', 'reasoning-counted', 'choices-counted', 'finish-once'],
];
/** Check ids in an order like the catalogue's. */
export const sampleOrder: readonly string[] = [...new Set([...inStreams, ...inAnswers])];

const scenarios = ['text', 'short', 'natural', 'stop', 'grow-20', 'utf8', 'tools-called', 'json'];
const should = new Set(['usage-null-before', 'sse-framing', 'reasoning-counted']);

/** A result that passed, with what is different. */
export function sampleResult(check: string, caseId: string, change: Partial<Result> = {}): Result {
  const verdict: Verdict = change.verdict ?? 'pass';
  return completedResult({
    check,
    case: caseId,
    api: caseId.split('/')[0] as ApiId,
    verdict,
    level: should.has(check) ? 'SHOULD' : 'MUST',
    expected: '',
    observed: '',
    message: '',
    baselined: false,
    ...(verdict === 'fail' ? { confirmed: '2/2' as const } : {}),
    ...change,
  });
}

/** A server where everything passed, with what is different. */
export function sampleServer(change: Partial<ServerReport> = {}): ServerReport {
  return {
    name: '127.0.0.1:8000',
    baseUrl: 'http://127.0.0.1:8000',
    product: 'llama-cpp-python',
    version: '0.2.84',
    identifiedBy: 'owned_by of /v1/models',
    behind: null,
    profile: 'llama-cpp-python',
    model: 'stories260K',
    context: 2048,
    halt: null,
    notes: [],
    requests: 96,
    durationMs: 2100,
    serverMs: 2000,
    results: allResults(() => ({})),
    ...change,
  };
}

/** A report over these servers, its summary counted. */
export function sampleReport(servers: readonly ServerReport[], change: Partial<Report> = {}): Report {
  const summary = summarise(servers.flatMap((server) => server.results));
  return {
    schemaVersion: 1,
    tool: { name: 'lastchunk', version: '0.1.0' },
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 3210,
    catalogue: 1,
    seed: 42,
    suite: 'standard',
    strict: false,
    partial: false,
    servers,
    summary,
    exitCode: summary.fail > 0 ? 1 : 0,
    ...change,
  };
}

/** Results of every check in every case, as `change` has them; null leaves one out. */
export function allResults(
  change: (check: string, caseId: string) => Partial<Result> | null,
): readonly Result[] {
  return (['chat', 'completions'] as const).flatMap((api) => [
    ...casesOf(`${api}/stream/asked`, inStreams, change),
    ...casesOf(`${api}/nonstream/-`, inAnswers, change),
  ]);
}

function casesOf(
  prefix: string,
  checks: readonly string[],
  change: (check: string, caseId: string) => Partial<Result> | null,
): readonly Result[] {
  return checks.flatMap((check) =>
    scenarios.flatMap((scenario) => {
      const changed = change(check, `${prefix}/${scenario}`);
      return changed === null ? [] : [sampleResult(check, `${prefix}/${scenario}`, changed)];
    }),
  );
}

const needUsage = /^usage-(?!present|unrequested)|^prompt-|^completion-/;

/** A server that sends no usage in a stream and dies on JSON mode. */
export function silentServer(version: string, port: number): ServerReport {
  const died = 'chat/stream/asked/json';
  return sampleServer({
    name: `127.0.0.1:${port}`,
    baseUrl: `http://127.0.0.1:${port}`,
    version,
    ...(version === '0.2.84'
      ? { halt: { kind: 'died', message: 'connection refused', case: died } as const }
      : {}),
    notes: version === '0.2.84' ? [] : ['prompt lengths halved: grow-240 was refused as too long'],
    results: allResults((check, caseId) => {
      if (caseId.includes('/json') && version === '0.2.84') {
        if (check === 'server-survives' && caseId === died) return deadServer;
        return { verdict: 'error', message: `the server died at ${died}` };
      }
      if (check === 'reasoning-counted') return { verdict: 'skip', message: 'no reasoning was delivered' };
      if (!caseId.includes('/stream/')) return {};
      if (check === 'usage-present')
        return { ...noUsage, confirmed: caseId.startsWith('chat') ? '2/2' : '-' };
      return needUsage.test(check) ? { verdict: 'skip', message: 'needs usage-present, which failed' } : {};
    }),
  });
}

/** A server that sends usage well, with one lowered deviation, one intermittent and one known failure. */
export function talkingServer(): ServerReport {
  return sampleServer({
    name: '127.0.0.1:8080',
    baseUrl: 'http://127.0.0.1:8080',
    product: 'llama.cpp',
    version: 'b6000',
    identifiedBy: 'Server header',
    profile: 'llama.cpp',
    results: allResults((check, caseId) => {
      if (check === 'reasoning-counted') return { verdict: 'skip', message: 'no reasoning was delivered' };
      if (check === 'usage-null-before') {
        return { verdict: 'warn', expected: 'usage: null', observed: 'absent on the 11 other chunks' };
      }
      if (check === 'stream-end' && caseId.endsWith('/stop')) {
        return { verdict: 'fail', expected: '[DONE] once', observed: 'twice', message: '', confirmed: '1/2' };
      }
      if (check === 'usage-last' && caseId.startsWith('completions')) {
        const lowered = { reason: 'timings follow on purpose', link: 'https://example.org/intended' };
        return { verdict: 'warn', expected: 'usage last', observed: 'early: one event follows', lowered };
      }
      if (check === 'usage-total' && caseId.endsWith('/text') && caseId.startsWith('chat')) {
        return {
          verdict: 'fail',
          expected: 'total 40',
          observed: 'contradictory: 24 + 16 is not 41',
          baselined: true,
        };
      }
      return {};
    }),
  });
}

const noUsage: Partial<Result> = {
  verdict: 'fail',
  expected: 'a usage that is not null before the end of the stream',
  observed: 'absent in all 14 events',
  message: 'The stream ended without any usage although stream_options.include_usage was true.',
  evidence: {
    frames: [
      {
        at: 311.6,
        data: '{"id":"chatcmpl-5d1","object":"chat.completion.chunk","created":1,"choices":[{"index":0,"delta":{"content":" once"}}]}',
      },
      {
        at: 1312.2,
        data: '{"id":"chatcmpl-5d1","choices":[{"index":0,"delta":{},"finish_reason":"length"}]}',
      },
      { at: 1312.4, data: '[DONE]' },
    ],
    curl: `curl -sN http://127.0.0.1:8000/v1/chat/completions -H 'content-type: application/json' -d '{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"List many animals."}]}'`,
  },
};

const deadServer: Partial<Result> = {
  verdict: 'fail',
  expected: 'an answer to the plain request after this case',
  observed: 'died: connection refused twice',
  message: 'The server answered this request before the case and not after it.',
};

const concerned: Readonly<Record<string, Concern>> = {
  'usage-present': 'presence',
  'usage-total': 'numbers',
  'usage-last': 'place',
};

/** Words of a check, as its page would have them. */
export function sampleWords(id: string): CheckWords | undefined {
  if (!sampleOrder.includes(id)) return undefined;
  return {
    id,
    level: should.has(id) ? 'SHOULD' : 'MUST',
    title: `Title of ${id}`,
    concerns: concerned[id] ?? 'rest',
    fault: `${id} broken`,
    rule: `What ${id} asks for.`,
    source: {
      title: 'OpenAI API reference, chat completions, stream_options',
      url: 'https://platform.openai.com/docs/api-reference/chat/create',
      says: 'If set, an additional chunk will be streamed before the data: [DONE] message.',
    },
    detail: 'At length.',
    harm: 'Bills are wrong.',
    remedy: 'Send the chunk.',
  };
}

/** The four servers the project looks at first. */
export function fourServers(): Report {
  return sampleReport([
    silentServer('0.2.84', 8001),
    silentServer('0.2.87', 8002),
    silentServer('0.3.36', 8003),
    talkingServer(),
  ]);
}

/** A report where everything a server or a user can choose is the text given. */
export function hostileReport(text: string): Report {
  const evidence = { frames: [{ at: 1, data: text, event: text }], curl: text };
  const change = { observed: text, expected: text, message: text, reference: text, evidence };
  const lowered = { reason: text, link: text };
  const results = (['fail', 'warn', 'skip', 'error'] as const).map((verdict) =>
    sampleResult('usage-last', `chat/stream/asked/${verdict}`, { ...change, verdict }),
  );
  const results2 = [
    ...results,
    sampleResult('usage-once', 'chat/stream/asked/text', { ...change, verdict: 'warn', lowered }),
    sampleResult('usage-present', `chat/stream/asked/${text}`, {
      ...change,
      verdict: 'fail',
      baselined: true,
    }),
    sampleResult(text, 'completions/stream/asked/text', { ...change, verdict: 'fail' }),
  ];
  const halt = { kind: 'died', message: text, case: text } as const;
  const named = { name: text, baseUrl: text, product: text, version: text, identifiedBy: text, behind: text };
  const server = sampleServer({
    ...named,
    profile: text,
    model: text,
    halt,
    notes: [text],
    results: results2,
  });
  const tool = { name: 'lastchunk', version: text } as const;
  return sampleReport([server, talkingServer()], { remarks: [text], suite: text, tool });
}
