import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type UsageReport, type UsageSource, watchUsage } from '../../src/client/index.ts';
import { ASKED, bytesOf, chatStream, chunk, cut, USAGE, usageChunk } from '../watch/watched.ts';

const SAID = ['Hello', ' ', 'wörld'];
const TEXT = chatStream(SAID);
const REPORT: UsageReport = {
  usage: USAGE,
  source: 'server',
  exact: true,
  problems: [],
  end: 'complete',
  finish: ['stop'],
  model: 'm',
  responseId: 'chatcmpl-1',
};
const UNKNOWN = { usage: null, source: 'unknown', exact: false } as const;
const CHUNKS = [
  chunk({ role: 'assistant', content: '' }),
  ...SAID.map((content) => chunk({ content })),
  chunk({}, 'stop'),
  usageChunk(USAGE),
];

const response = (text = TEXT) => new Response(text, { headers: { 'content-type': 'text/event-stream' } });

/** A stream of these items that notes how it was used. */
function source<T>(items: readonly T[], more: { readonly bytes?: true; readonly error?: Error } = {}) {
  const used = { pulls: 0, cancelled: undefined as unknown };
  const stream = new ReadableStream<T>(
    {
      ...(more.bytes ? { type: 'bytes' } : {}),
      pull(controller: ReadableStreamDefaultController<T>) {
        const item = items[used.pulls];
        used.pulls += 1;
        if (item !== undefined) controller.enqueue(item);
        else if (more.error !== undefined) controller.error(more.error);
        else controller.close();
      },
      cancel(reason: unknown) {
        used.cancelled = reason;
      },
    } as object,
    { highWaterMark: 0 },
  );
  return { stream, used };
}

async function* chunks(items: readonly unknown[] = CHUNKS, error?: Error) {
  yield* items;
  if (error !== undefined) throw error;
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const reportOf = async (given: UsageSource) => {
  const { stream, report } = watchUsage(given, { request: ASKED });
  if (stream instanceof Response) await stream.text().catch(() => {});
  else await all(stream as AsyncIterable<unknown>).catch(() => {});
  return report;
};

describe('each kind of source', () => {
  it('a Response stays one, with everything but its body as it was', async () => {
    const given = response();
    Object.defineProperty(given, 'url', { value: 'http://host/v1/chat/completions' });
    const { stream, report } = watchUsage(given);
    expect(stream).toBeInstanceOf(Response);
    expect([stream.status, stream.url, stream.headers.get('content-type')]).toEqual([
      200,
      'http://host/v1/chat/completions',
      'text/event-stream',
    ]);
    expect(await stream.text()).toBe(TEXT);
    expect(await report).toEqual(REPORT);
  });

  it('a ReadableStream gives the same bytes, whatever the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 20 }), async (places) => {
        const pieces = cut(bytesOf(TEXT), places).filter(({ length }) => length > 0);
        const { stream, report } = watchUsage(source(pieces).stream);
        expect(await all(stream as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>)).toEqual(pieces);
        expect(await report).toEqual(REPORT);
      }),
      { numRuns: 50 },
    );
  });

  it('a stream of bytes can be read with a buffer of one’s own', async () => {
    const { stream, report } = watchUsage(source([bytesOf(TEXT)], { bytes: true }).stream);
    const reader = stream.getReader({ mode: 'byob' });
    const read: number[] = [];
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(100));
      if (done) break;
      read.push(...value);
    }
    expect(new TextDecoder().decode(Uint8Array.from(read))).toBe(TEXT);
    expect(await report).toEqual(REPORT);
  });

  it('an async iterable of bytes', async () => {
    const pieces = cut(bytesOf(TEXT), [10, 100, 300]);
    const { stream, report } = watchUsage(chunks(pieces));
    expect(await all(stream)).toEqual(pieces);
    expect(await report).toEqual(REPORT);
  });

  it('an async iterable of parsed chunks gives the very objects', async () => {
    const { stream, report } = watchUsage(chunks());
    const items = await all(stream);
    expect(items.every((item, at) => item === CHUNKS[at])).toBe(true);
    expect(await report).toEqual(REPORT);
  });

  it('one that is iterated by a method of its own keeps its members', async () => {
    class Sdk {
      readonly controller = new AbortController();
      readonly #own = CHUNKS;
      [Symbol.asyncIterator]() {
        return chunks(this.#own);
      }
      count = () => this.#own.length;
    }
    const { stream, report } = watchUsage(new Sdk());
    expect([stream.controller.signal.aborted, stream.count()]).toEqual([false, CHUNKS.length]);
    await all(stream);
    expect(await report).toEqual(REPORT);
  });

  it('a body that is not streamed', async () => {
    const answer = {
      id: 'chatcmpl-1',
      model: 'm',
      choices: [{ index: 0, message: { content: 'Hello' }, finish_reason: 'stop' }],
    };
    expect(await reportOf(Response.json({ ...answer, usage: USAGE }))).toEqual(REPORT);
    expect(await reportOf(Response.json(answer))).toEqual({
      ...REPORT,
      ...UNKNOWN,
      problems: ['nonstream-usage'],
    });
  });

  it('a completion, told by its request or its chunks', async () => {
    const text = TEXT.replaceAll('chat.completion.chunk', 'text_completion').replaceAll(
      /"delta":\{(?:"role":"assistant",)?(?:"content":("[^"]*"))?\}/g,
      (_, said = '""') => `"text":${said}`,
    );
    const asked: unknown[] = [];
    for (const request of [
      undefined,
      { prompt: 'x', stream: true, stream_options: { include_usage: true } },
    ]) {
      const { stream, report } = watchUsage(response(text.replace(/data: [^\n]*"usage".*\n\n/, '')), {
        ...(request === undefined ? {} : { request }),
        count: ({ api, text: said }) => {
          asked.push([api, said]);
          return null;
        },
      });
      await stream.text();
      expect((await report).problems).toEqual(['usage-present']);
    }
    expect(asked).toEqual([
      ['completions', SAID.join('')],
      ['completions', SAID.join('')],
    ]);
  });
});

describe('what a stream says', () => {
  const say = (usage: unknown) => reportOf(response(chatStream(SAID, usage)));

  it.each([
    ['none', null, 'usage-present'],
    ['zeros', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, 'usage-nonzero'],
    ['a part of it', { prompt_tokens: 9, total_tokens: 12 }, 'usage-complete'],
    ['text for numbers', { ...USAGE, completion_tokens: '3' }, 'usage-integers'],
    ['a fraction', { ...USAGE, completion_tokens: 3.5 }, 'usage-integers'],
    ['less than nothing', { ...USAGE, completion_tokens: -3 }, 'usage-integers'],
  ])('%s is no usage, and the problem is named', async (_, usage, problem) => {
    expect(await say(usage)).toEqual({ ...REPORT, ...UNKNOWN, problems: [problem] });
  });

  it('a wrong sum is named, and its counts are used', async () => {
    const usage = { ...USAGE, total_tokens: 99 };
    expect(await say(usage)).toEqual({ ...REPORT, usage, problems: ['usage-total'] });
  });

  it('usage that was not asked for is used, and named', async () => {
    const { stream, report } = watchUsage(response(), { request: { messages: [], stream: true } });
    await stream.text();
    expect(await report).toEqual({ ...REPORT, problems: ['usage-unrequested'] });
  });

  it('usage that was not asked for is not missed', async () => {
    const { stream, report } = watchUsage(response(chatStream(SAID, null)), {
      request: JSON.stringify({ messages: [], stream: true }),
    });
    await stream.text();
    expect(await report).toEqual({ ...REPORT, ...UNKNOWN });
  });

  it('an event over 1 MiB is passed on and not read', async () => {
    const text = chatStream(['a', 'x'.repeat(1024 * 1024), 'b']);
    const { stream, report } = watchUsage(response(text));
    expect(await stream.text()).toBe(text);
    expect(await report).toEqual(REPORT);
  });

  it.each([
    ['an error', TEXT.replace('data: [DONE]', 'data: {"error":{"message":"no"}}'), 'error', []],
    ['no end', TEXT.replace('data: [DONE]\n\n', ''), 'cut', ['stream-end']],
    ['no finish', chatStream([]).replace('"stop"', 'null'), 'cut', ['finish-once']],
    ['nothing', '', 'cut', ['request-answered']],
    ['no stream at all', 'Bad Gateway', 'cut', ['request-answered']],
    ['half a body', '{"choices":[', 'cut', ['request-answered']],
    ['another body', '{"data":[]}', 'cut', ['request-answered']],
  ] as const)('%s', async (_, text, end, problems) => {
    const report = await reportOf(response(text));
    expect([report.end, report.problems]).toEqual([end, problems]);
  });

  it('an error status has no usage', async () => {
    const given = new Response('{"error":{"message":"no"}}', { status: 400 });
    const { stream, report } = watchUsage(given);
    expect(stream).toBe(given);
    expect(await report).toMatchObject({ ...UNKNOWN, end: 'error', problems: [] });
  });
});

describe('the same pace', () => {
  const pieces = cut(bytesOf(TEXT), [100, 200, 300, 400]);

  it('nothing is read before it is wanted', async () => {
    const { stream, used } = source(pieces);
    const watched = watchUsage(stream);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(used.pulls).toBe(0);
    const reader = watched.stream.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(used.pulls).toBe(1);
  });

  it('an iteration is asked for one item at a time', async () => {
    let asked = 0;
    const { stream } = watchUsage({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          asked += 1;
          return { done: false, value: chunk({ content: 'a' }) };
        },
      }),
    });
    for await (const _ of stream) if (asked === 3) break;
    expect(asked).toBe(3);
  });
});

describe('the end of one is the end of the other', () => {
  const pieces = cut(bytesOf(TEXT), [100, 200, 300, 400]);

  it('a cancel cancels the source, with its reason', async () => {
    const { stream, used } = source(pieces);
    const watched = watchUsage(stream);
    const reader = watched.stream.getReader();
    await reader.read();
    await reader.cancel('enough');
    expect(used.cancelled).toBe('enough');
    expect(await watched.report).toMatchObject({ ...UNKNOWN, end: 'left', problems: [] });
  });

  it('so does one before anything was read', async () => {
    const { stream, used } = source(pieces);
    const watched = watchUsage(new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>));
    await watched.stream.body?.cancel('enough');
    expect([used.cancelled, (await watched.report).end]).toEqual(['enough', 'left']);
  });

  it('an error of the source is the same error', async () => {
    const error = new Error('reset');
    const watched = watchUsage(source(pieces.slice(0, 2), { error }).stream);
    await expect(all(watched.stream as unknown as AsyncIterable<Uint8Array>)).rejects.toBe(error);
    expect(await watched.report).toMatchObject({ ...UNKNOWN, end: 'cut', problems: ['stream-end'] });
  });

  it('an error that comes while nobody reads is known', async () => {
    const broken = new AbortController();
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) =>
        broken.signal.addEventListener('abort', () => controller.error(new Error('reset'))),
    });
    const { report } = watchUsage(stream);
    broken.abort();
    expect((await report).end).toBe('cut');
  });

  it('leaving a loop leaves the source', async () => {
    const { stream, used } = source(CHUNKS);
    const watched = watchUsage(stream);
    for await (const _ of watched.stream as unknown as AsyncIterable<unknown>) break;
    expect('cancelled' in used).toBe(true);
    expect((await watched.report).end).toBe('left');
  });

  it('throwing in a loop leaves a generator', async () => {
    let closed = false;
    async function* generate() {
      try {
        yield* CHUNKS;
      } finally {
        closed = true;
      }
    }
    const watched = watchUsage(generate());
    const read = async () => {
      for await (const _ of watched.stream) throw new Error('mine');
    };
    await expect(read()).rejects.toThrow('mine');
    expect([closed, (await watched.report).end]).toEqual([true, 'left']);
  });

  it('an iteration that was left before it began', async () => {
    const watched = watchUsage(chunks());
    await watched.stream.return(undefined);
    expect((await watched.report).end).toBe('left');
  });

  it('an error of an iteration is the same error', async () => {
    const error = new Error('reset');
    const watched = watchUsage(chunks(CHUNKS.slice(0, 2), error));
    await expect(all(watched.stream)).rejects.toBe(error);
    expect((await watched.report).end).toBe('cut');
  });

  it('leaving once all was said leaves the usage', async () => {
    const watched = watchUsage(chunks());
    for await (const item of watched.stream) if (item === CHUNKS.at(-1)) break;
    expect(await watched.report).toMatchObject({ usage: USAGE, source: 'server', end: 'left', problems: [] });
  });
});

describe('the report', () => {
  it('is told once, and what its reader throws does no harm', async () => {
    const told: UsageReport[] = [];
    const { stream, report } = watchUsage(response(), {
      onReport: (one) => {
        told.push(one);
        throw new Error('mine');
      },
    });
    await stream.text();
    await report;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told).toEqual([REPORT]);
  });

  it('a source that is none is refused at once', () => {
    expect(() => watchUsage({} as never)).toThrow('watchUsage takes');
  });
});
