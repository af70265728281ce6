/** Counts compared with references, over HTTP: who is failed, who is warned about, and who is left alone. */

import { describe, expect, it } from 'vitest';
import { apiAt } from '../../src/apis/index.ts';
import type { SourceId } from '../../src/model/reference.ts';
import type { Report } from '../../src/model/report.ts';
import { byNewLimit, ends, when, wordy } from './conditions.ts';
import type { Habits, Usage } from './habits.ts';
import { startServer } from './model-server.ts';
import { errorBody } from './plain-answer.ts';
import type { Json } from './request.ts';
import { runSuite } from './run.ts';
import { sampleOf } from './sample.ts';
import {
  llamaCppEndpoints,
  llamaCppPythonEndpoints,
  sglangEndpoints,
  vllmEndpoints,
} from './tokenizer-endpoints.ts';
import { found, tried } from './tried.ts';
import { inHalves, WRONGLY_COUNTING, withEndpoints } from './wrong-counts.ts';

const label = (product: string) => ({ product, version: '1.0' });
const of = (report: Report, check: string) =>
  report.servers.flatMap(({ results }) => results).filter((result) => result.check === check);
const verdictsOf = (report: Report, check: string) =>
  new Set(of(report, check).map(({ verdict }) => verdict));

describe.concurrent('wrong counts are named', () => {
  const chosen = sampleOf(WRONGLY_COUNTING, ({ product, check, verdict }) => [
    `${product} ${check} ${verdict}`,
  ]);
  it.each(chosen.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const report = await tried(withEndpoints(entry), { label: label(entry.product) });
    const said = of(report, entry.check).filter(({ verdict }) => verdict === entry.verdict);
    expect(said.length).toBeGreaterThan(0);
    for (const { message, reference, case: id } of said) {
      if (entry.only?.test(id) === false) continue;
      expect(message).toMatch(entry.looksLike);
      if (entry.check !== 'completion-within-limit') expect(reference).toBeTruthy();
    }
    const others = [...found(report, 'fail').keys()].filter((id) => id !== entry.check);
    expect(others, 'accused wrongly').toEqual([]);
    if (entry.verdict === 'fail') {
      expect(report.exitCode).toBe(1);
      expect(
        said.some(({ confirmed }) => confirmed === '2/2'),
        'asked again',
      ).toBe(true);
    } else expect(report.exitCode).toBe(0);
  });
});

describe.concurrent('true counts pass', () => {
  it.each([
    ['llama.cpp', llamaCppEndpoints, '/tokenize, /input_tokens'],
    ['vLLM', vllmEndpoints, '/tokenize'],
  ] as const)('%s', async (product, habits, names) => {
    const report = await tried(habits, { label: label(product), suite: 'full' });
    expect([...found(report, 'fail').values(), ...found(report, 'warn').values()]).toEqual([]);
    const text = of(report, 'prompt-matches-reference').find(
      ({ case: id }) => id === 'chat/stream/asked/text',
    );
    expect(text).toMatchObject({ verdict: 'pass', reference: names });
    const natural = of(report, 'completion-matches-reference').find(
      ({ case: id }) => id === 'chat/stream/asked/natural',
    );
    expect(natural?.verdict).toBe('pass');
  });
});

it('a limit that the server does not know keeps no answer from being tokenized again', async () => {
  const more = (usage: Usage) => ({
    ...usage,
    completion_tokens: usage.completion_tokens + 5,
    total_tokens: usage.total_tokens + 5,
  });
  const habits: Habits = {
    ...llamaCppEndpoints,
    mapLimit: (limit, c) => (byNewLimit(c) ? 16 : limit),
    ...when(ends('stop'), { mapUsage: more }),
  };
  const report = await tried(habits, { label: label('llama.cpp') });
  expect([...found(report, 'fail').keys()]).toEqual([]);
  expect([...found(report, 'warn').keys()].sort()).toEqual([
    'completion-matches-reference',
    'completion-within-limit',
  ]);
  const natural = of(report, 'completion-matches-reference').find(
    ({ case: id }) => id === 'chat/stream/asked/natural',
  );
  expect(natural?.verdict).toBe('warn');
});

it('a limit that was reached is not doubted by re-tokenised text, even where it may not fit', async () => {
  const stated = (list: Json) => ({
    status: 200,
    body: JSON.stringify({ ...list, data: (list.data as Json[]).map((m) => ({ ...m, max_model_len: 200 })) }),
  });
  const habits = { ...llamaCppEndpoints, ...when(wordy, inHalves), models: stated };
  const report = await tried(habits, { label: label('llama.cpp') });
  const long = of(report, 'completion-matches-reference').find(({ case: id }) =>
    id.endsWith('asked/grow-240'),
  );
  expect(long).toMatchObject({ verdict: 'skip', message: expect.stringContaining('cut by the limit') });
  const again = of(report, 'completion-matches-reference').find(({ case: id }) =>
    id.endsWith('asked/natural'),
  );
  expect(again).toMatchObject({ verdict: 'skip', message: expect.stringContaining('does not round-trip') });
});

const refusing = (status: number): Habits => ({ elsewhere: () => ({ status, body: '{"error":"no"}' }) });

describe.concurrent('looking at endpoints changes no verdict', () => {
  it.each<[string, Habits]>([
    ['missing', {}],
    ['unauthorized', refusing(401)],
    ['broken', refusing(500)],
    ['hanging', { elsewhere: (path) => (path === '/apply-template' ? 'hang' : undefined) }],
    ['closing the connection', { elsewhere: (path) => (path === '/apply-template' ? 'close' : undefined) }],
    ['answering rubbish', { elsewhere: () => ({ status: 200, body: '{"tokens":"many","prompt":7}' }) }],
  ])('%s', async (_what, habits) => {
    const report = await tried(habits, { label: label('llama.cpp'), suite: 'smoke', timeoutMs: 1000 });
    expect(report.exitCode).toBe(0);
    expect(report.servers[0]?.halt).toBeNull();
    const [first] = of(report, 'prompt-matches-reference');
    expect(first).toMatchObject({
      verdict: 'skip',
      reference: expect.stringMatching(/^estimate: about \d+$/),
    });
  });

  it('nothing is looked at where the product is unknown, or a gateway', async () => {
    for (const product of ['something else', 'litellm']) {
      const server = await startServer(llamaCppEndpoints);
      try {
        await runSuite(server.url, { label: label(product), suite: 'smoke' });
        const posts = server.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
        const looked = posts.filter(
          (path) => apiAt(path) === null && !path.includes('lastchunk-no-such-path'),
        );
        expect(looked).toEqual([]);
      } finally {
        await server.close();
      }
    }
  });
});

/** `tried`, with another server beside it. */
async function besides(
  second: Habits,
  habits: Habits,
  product: string,
  suite: 'smoke' | 'standard' = 'standard',
): Promise<Report> {
  const other = await startServer(second);
  try {
    return await tried(habits, {
      label: label(product),
      suite,
      reference: { sources: null, tokenizer: null, serverUrl: other.url },
    });
  } finally {
    await other.close();
  }
}

const fewer: Habits = {
  mapUsage: (usage, { tokenIds, prompts }) => {
    const less = tokenIds ? 0 : 2 * prompts.length;
    return {
      ...usage,
      prompt_tokens: usage.prompt_tokens - less,
      total_tokens: usage.total_tokens - less,
    };
  },
};

it('a count beyond the leeway of its reference is told by what it looks like, too', async () => {
  const habits = { ...llamaCppPythonEndpoints, ...fewer };
  const report = await tried(habits, { label: label('llama-cpp-python') });
  const text = of(report, 'prompt-matches-reference').find(({ case: id }) => /^compl.*asked.text$/.test(id));
  expect(text).toMatchObject({ verdict: 'fail', reference: '/extras/tokenize/count' });
  expect(text?.message).toMatch(/says \d+ to \d+; 2 fewer in every case/);
});

describe.concurrent('a second server', () => {
  it('that counts the same: pass', async () => {
    const report = await besides({}, {}, 'unknown');
    expect(verdictsOf(report, 'prompt-matches-reference')).toEqual(new Set(['pass', 'skip']));
    expect(report.exitCode).toBe(0);
  });

  it('alone against the server: a warning, for its template may be another', async () => {
    const report = await besides({}, fewer, 'unknown');
    const [first] = of(report, 'prompt-matches-reference');
    expect(first).toMatchObject({ verdict: 'warn', reference: 'second server' });
    expect(report.exitCode).toBe(0);
  });

  it('and an untried endpoint that agree against the server: a fail that says who said what', async () => {
    const report = await besides({}, { ...sglangEndpoints, ...fewer }, 'SGLang');
    const at = (id: string) => of(report, 'prompt-matches-reference').find(({ case: key }) => key === id);
    const text = at('completions/stream/asked/text');
    expect(text).toMatchObject({ verdict: 'fail', reference: '/v1/tokenize, second server' });
    expect(text?.message).toMatch(
      /but \/v1\/tokenize says (\d+), second server says \1; 2 fewer in every case/,
    );
    expect(at('chat/stream/asked/text')?.verdict).toBe('warn');
    expect(report.exitCode).toBe(1);
  });

  it('and re-tokenised text that agree about a completion: a fail', async () => {
    const more: Habits = {
      mapUsage: (usage, { limit }) =>
        limit === 256
          ? {
              ...usage,
              completion_tokens: usage.completion_tokens + 3,
              total_tokens: usage.total_tokens + 3,
            }
          : usage,
    };
    const report = await besides({}, { ...llamaCppEndpoints, ...more }, 'llama.cpp');
    expect([...found(report, 'fail').keys()]).toEqual(['completion-matches-reference']);
  });

  it.each<[string, Habits, RegExp]>([
    [
      'that refuses every request',
      { instead: () => ({ status: 403, body: errorBody('no key') }) },
      /^the reference server gave no counts \(HTTP 403: no key\)$/,
    ],
    [
      'that wants a key, which it is never sent',
      { models: () => ({ status: 401, body: errorBody('no key') }) },
      /^the reference server can't be used: \S+ wants a key \(HTTP 401: no key\)$/,
    ],
  ])('%s: said once, no verdict changes, and nothing was judged by it', async (_what, second, why) => {
    const report = await besides(second, fewer, 'unknown', 'smoke');
    expect(report.exitCode).toBe(3);
    expect(found(report, 'fail').size + found(report, 'warn').size).toBe(0);
    expect(report.servers[0]?.silentReferences).toEqual([
      { source: 'server', message: expect.stringMatching(why) },
    ]);
    expect(report.servers[0]?.notes.join()).not.toContain('reference server');
  });

  it('without a model list is asked for the model of the first', async () => {
    const report = await besides({ models: () => ({ status: 404, body: '' }) }, fewer, 'unknown', 'smoke');
    expect(of(report, 'prompt-matches-reference')[0]).toMatchObject({ reference: 'second server' });
  });

  it('that is not there: said once, no verdict changes, and nothing was judged by it', async () => {
    const gone = await startServer({});
    await gone.close();
    const report = await tried(
      {},
      { suite: 'smoke', reference: { sources: null, tokenizer: null, serverUrl: gone.url } },
    );
    expect(report.exitCode).toBe(3);
    expect(found(report, 'fail').size + found(report, 'warn').size).toBe(0);
    expect(report.servers[0]?.silentReferences).toMatchObject([
      { source: 'server', message: expect.stringContaining("the reference server can't be used") },
    ]);
  });
});

describe.concurrent('sources that are named', () => {
  const named = async (sources: readonly SourceId[], habits: Habits, product: string) =>
    await tried(habits, {
      suite: 'smoke',
      label: label(product),
      reference: { sources, tokenizer: null, serverUrl: null },
    });

  it('and give a count: judged', async () => {
    const report = await named(['endpoint', 'forced', 'estimate'], llamaCppEndpoints, 'llama.cpp');
    expect(report.servers[0]?.silentReferences).toBeUndefined();
    expect(report.exitCode).toBe(0);
  });

  it.each<[string, SourceId, string, Habits, string]>([
    ['an endpoint that is not there', 'endpoint', 'llama.cpp', {}, 'those of llama.cpp gave no count'],
    ['an endpoint of a product without one', 'endpoint', 'ollama', {}, 'ollama has none that is known'],
    ['an endpoint of whom nobody knows', 'endpoint', 'unknown', {}, 'the product was not recognised'],
    ['ids that nobody returns', 'ids', 'llama.cpp', llamaCppEndpoints, 'no token ids came'],
  ])('%s: could not be judged', async (_what, source, product, habits, why) => {
    const report = await named([source], habits, product);
    expect(report.servers[0]?.silentReferences).toEqual([{ source, message: expect.stringContaining(why) }]);
    expect(report.exitCode).toBe(3);
  });

  it('and are not missed where nothing was answered that they could be compared with', async () => {
    const report = await named(
      ['endpoint'],
      { instead: () => ({ status: 400, body: errorBody('no') }) },
      'unknown',
    );
    expect(report.servers[0]?.silentReferences).toBeUndefined();
    expect(report.exitCode).toBe(3);
  });
});
