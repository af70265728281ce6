/** What the readers of single APIs make of streams: merges, wholes in place of pieces, several prompts, broken rules. */
import { describe, expect, it } from 'vitest';
import { gemini } from '../../src/apis/gemini.ts';
import { llamacppCompletion } from '../../src/apis/llamacpp-completion.ts';
import { messages } from '../../src/apis/messages.ts';
import { ollamaChat } from '../../src/apis/ollama-chat.ts';
import { responses } from '../../src/apis/responses.ts';
import type { Api } from '../../src/model/api.ts';
import type { SentRequest } from '../../src/model/exchange.ts';
import { read, stream } from '../wire/read.ts';

const events = (list: readonly object[], named = false) =>
  list
    .map((event) => {
      const name = named && 'type' in event ? `event: ${String(event.type)}\n` : '';
      return `${name}data: ${JSON.stringify(event)}\n\n`;
    })
    .join('');
const lines = (list: readonly object[]) => list.map((line) => `${JSON.stringify(line)}\n`).join('');
const brokenIn = (facts: ReturnType<typeof stream>) =>
  facts.breaches.map(({ rule, class: cls, detail }) => `${rule}: ${cls}: ${detail}`);
const whole = (api: Api, value: unknown, request: SentRequest['body'] = null) => {
  const body = read(JSON.stringify(value), {
    api,
    request,
    contentType: 'application/json',
    streamAsked: false,
  });
  if (body.kind !== 'json') throw new Error(`no JSON but ${body.kind}`);
  return body.answer;
};

describe('Responses', () => {
  const open = { type: 'response.created', response: { id: 'r', status: 'in_progress' } };
  const done = (response: object) => ({
    type: 'response.completed',
    response: { id: 'r', status: 'completed', ...response },
  });
  const piece = (delta: string, item_id = 'a') => ({ type: 'response.output_text.delta', item_id, delta });
  const said = (text: string, item_id = 'a') => ({ type: 'response.output_text.done', item_id, text });
  const message = (text: string) => ({ type: 'message', content: [{ type: 'output_text', text }] });
  const textOf = (...list: object[]) =>
    stream(events([open, ...list]), { api: responses }).choices.map(({ text }) => text);

  it('does not read what the pieces said once more', () => {
    expect(textOf(piece('a'), piece('b'), said('ab'), done({ output: [message('ab')] }))).toEqual(['ab']);
  });

  it('reads a part that came whole, and a text that came in the last snapshot alone', () => {
    expect(textOf(said('ab'), done({ output: [message('ab')] }))).toEqual(['ab']);
    expect(textOf(done({ output: [message('ab'), message('cd')] }))).toEqual(['abcd']);
  });

  it('knows the parts apart whose pieces are mixed', () => {
    const mixed = [piece('a'), piece('x', 'b'), piece('b'), said('ab'), said('x', 'b')];
    expect(textOf(...mixed, done({ output: [] }))).toEqual(['axb']);
  });

  it('knows the whole of pieces that named their item otherwise', () => {
    expect(textOf(piece('ab', 'other'), said('ab'), done({ output: [] }))).toEqual(['ab']);
  });

  it('reads tool calls by name and arguments, the same in both modes', () => {
    const call = { type: 'function_call', name: 'f', arguments: '{"a":1}' };
    const streamed = stream(
      events([
        open,
        { type: 'response.output_item.added', item: { ...call, arguments: '' } },
        { type: 'response.function_call_arguments.delta', delta: '{"a"' },
        { type: 'response.function_call_arguments.delta', delta: ':1}' },
        { type: 'response.function_call_arguments.done', arguments: '{"a":1}' },
        done({ output: [call] }),
      ]),
      { api: responses },
    );
    const plain = whole(responses, { status: 'completed', output: [call] });
    expect(streamed.choices[0]).toMatchObject({ toolCalls: 'f{"a":1}', finishes: ['completed'] });
    expect(plain.choices?.[0]?.digest).toBe(streamed.choices[0]?.digest);
  });

  it('takes a failed response for an error, and its usage for none', () => {
    const failed = {
      type: 'response.failed',
      response: { status: 'failed', error: { message: 'boom' }, usage: { input_tokens: 1 } },
    };
    const facts = stream(events([open, failed]), { api: responses });
    expect(facts).toMatchObject({ error: { message: 'boom' }, usageCount: 0, end: { index: 1 } });
  });

  it.each([
    [{ status: 'incomplete' }, ['differs', 'no-reason']],
    [{ status: 'completed', incomplete_details: { reason: 'max_output_tokens' } }, ['reason']],
    [{ status: undefined }, []],
  ])('at the end %j', (response, classes) => {
    const facts = stream(events([open, done(response)]), { api: responses });
    const found = facts.breaches.filter(({ rule }) => rule === 'terminal-status');
    expect(found.map((breach) => breach.class)).toEqual(classes);
  });

  it('raises a limit under 16', () => {
    const limits = [5, 8, 12, 16, 64].map((limit) =>
      responses.encode({ prompt: 'x', limit }, 'stream', '-', 1),
    );
    expect(limits.map((body) => body.max_output_tokens)).toEqual([16, 16, 24, 24, 64]);
  });
});

describe('Gemini', () => {
  const said = (candidate: object, usageMetadata?: object) => ({ candidates: [candidate], usageMetadata });
  const parts = (...list: object[]) => ({ content: { parts: list, role: 'model' } });
  const streamed = (...list: object[]) => stream(events(list), { api: gemini });
  const end = { ...parts(), finishReason: 'STOP' };

  it('tells text, thoughts and calls apart, the same in both modes', () => {
    const list = [
      { text: 'hm', thought: true },
      { text: 'a' },
      { functionCall: { name: 'f', args: { a: 1 } } },
      { text: 'b' },
    ];
    const facts = streamed(...list.map((part) => said(parts(part))), said(end));
    expect(facts.choices).toMatchObject([
      { index: 0, text: 'ab', reasoningLength: 2, toolCalls: 'f{"a":1}' },
    ]);
    const plain = whole(gemini, said({ ...parts(...list), finishReason: 'STOP' }));
    expect(plain.choices?.[0]?.digest).toBe(facts.choices[0]?.digest);
  });

  it('keeps several candidates apart', () => {
    const both = (one: object, two: object) => ({ candidates: [one, { ...two, index: 1 }] });
    const facts = streamed(both(parts({ text: 'a' }), parts({ text: 'x' })), both(end, end));
    expect(facts.choices.map(({ index, text, finishes }) => [index, text, finishes])).toEqual([
      [0, 'a', ['STOP']],
      [1, 'x', ['STOP']],
    ]);
    expect(facts.end).toMatchObject({ index: 1 });
  });

  it.each([
    ['a clean close after the reason', [said(parts({ text: 'a' })), said(end)], undefined, 1],
    ['usage behind the reason', [said(end), { usageMetadata: {} }], undefined, 1],
    ['no reason', [said(parts({ text: 'a' }))], undefined, null],
    ['a second candidate without a reason', [said(end), said({ ...parts(), index: 1 })], undefined, null],
    ['a cut', [said(end)], { kind: 'cut', message: 'reset' } as const, null],
    ['silence', [said(end)], { kind: 'stopped', why: 'idle', message: '' } as const, null],
    ['nothing', [{ usageMetadata: {} }], undefined, null],
  ])('%s', (_what, list, ending, at) => {
    const facts = stream(events(list), { api: gemini, ...(ending && { ending }) });
    expect(facts.end?.index ?? null).toBe(at);
  });

  it('says once what is said on each chunk, and all that contradicts it', () => {
    const reasons = (...list: string[]) =>
      streamed(...list.map((finishReason) => said({ ...parts(), finishReason }))).choices[0]?.finishes;
    expect(reasons('STOP', 'STOP', 'STOP')).toEqual(['STOP']);
    expect(reasons('FINISH_REASON_UNSPECIFIED', 'MAX_TOKENS')).toEqual(['MAX_TOKENS']);
    expect(reasons('STOP', 'MAX_TOKENS')).toEqual(['STOP', 'MAX_TOKENS']);
  });

  it.each([
    ['thoughts are added', { candidatesTokenCount: 5, thoughtsTokenCount: 11 }, 16],
    ['no thoughts', { candidatesTokenCount: 5 }, 5],
    ['thoughts that are null', { candidatesTokenCount: 5, thoughtsTokenCount: null }, 5],
    ['thoughts that are no count', { candidatesTokenCount: 5, thoughtsTokenCount: '1' }, '1'],
    ['something came and is not counted', { thoughtsTokenCount: 11 }, undefined],
  ])('%s', (_what, usage, completion) => {
    const facts = streamed(said({ ...parts({ text: 'a' }), finishReason: 'STOP' }, usage));
    expect(facts.usages[0]?.counts.completion).toBe(completion);
  });

  it('takes a count that lacks for 0 where only thoughts came', () => {
    const thought = { ...parts({ text: 'hm', thought: true }), finishReason: 'MAX_TOKENS' };
    const facts = streamed(
      said(thought, { promptTokenCount: 3, thoughtsTokenCount: 8, totalTokenCount: 11 }),
    );
    expect(facts.usages[0]?.counts).toMatchObject({ completion: 8, reasoning: 8, total: 11 });
  });
});

describe('Messages', () => {
  const start = (usage: object) => ({ type: 'message_start', message: { id: 'm', usage } });
  const delta = (usage: object) => ({ type: 'message_delta', delta: {}, usage });
  const stop = { type: 'message_stop' };
  const consistent = (...list: object[]) =>
    brokenIn(stream(events(list, true), { api: messages })).filter((text) => text.startsWith('usage'));

  it.each([
    [
      'the same sum in other fields',
      { input_tokens: 412 },
      [{ input_tokens: 28, cache_read_input_tokens: 384 }],
      'moved',
    ],
    ['another sum', { input_tokens: 10 }, [{ input_tokens: 33 }], 'contradicts'],
    ['nothing at the start', { input_tokens: 0 }, [{ input_tokens: 33 }], 'deferred'],
    ['an output that falls', { input_tokens: 9 }, [{ output_tokens: 5 }, { output_tokens: 4 }], 'falls'],
  ])('%s', (_what, first, later, cls) => {
    expect(consistent(start(first), ...later.map(delta), stop)).toEqual([
      expect.stringContaining(`usage-consistent: ${cls}`),
    ]);
  });

  it.each([
    ['an output only', { input_tokens: 9, output_tokens: 30 }, [{ output_tokens: 5 }]],
    ['the same again', { input_tokens: 9 }, [{ input_tokens: 9, output_tokens: 5 }]],
    ['null later', { input_tokens: 9 }, [{ input_tokens: null, output_tokens: 5 }]],
    ['a detour', { input_tokens: 9 }, [{ input_tokens: 4 }, { input_tokens: 9 }]],
    ['a string, which is no count', { input_tokens: 9 }, [{ input_tokens: '12' }]],
  ])('%s contradicts nothing', (_what, first, later) => {
    expect(consistent(start(first), ...later.map(delta), stop)).toEqual([]);
  });

  it('does not read what comes after the end as part of the answer', () => {
    expect(consistent(start({ input_tokens: 9 }), stop, delta({ input_tokens: 33 }))).toEqual([]);
  });

  it('keeps what was no count, though it is overwritten', () => {
    const list = [
      start({ input_tokens: 9, output_tokens: 0 }),
      delta({ output_tokens: '5' }),
      delta({ output_tokens: 6 }),
    ];
    const usage = stream(events([...list, stop], true), { api: messages }).usages.at(-1);
    expect(usage?.counts.details).toContainEqual(['message_delta output_tokens', '5']);
  });

  it('holds no more fields than a usage may have', () => {
    const many = Array.from({ length: 500 }, (_, at) => delta({ [`x${at}_tokens`]: at }));
    const facts = stream(events([start({ input_tokens: 9 }), ...many, stop], true), { api: messages });
    expect(facts.usages.at(-1)?.counts.prompt).toBe(9);
  });
});

describe('llama.cpp completion', () => {
  const request = { prompt: ['a', 'b'], n_predict: 2 };
  const last = (index: number, more: object = {}) => ({
    index,
    content: '',
    stop: true,
    stop_type: 'limit',
    tokens_evaluated: 3 + index,
    tokens_predicted: 2,
    ...more,
  });
  const reading = { api: llamacppCompletion, request };

  it('ends when each prompt has ended, and counts each', () => {
    const facts = stream(events([last(1), last(0)]), reading);
    expect(facts.end?.index).toBe(1);
    expect(facts.usages.at(-1)?.counts).toMatchObject({
      prompt: 7,
      completion: 4,
      each: [
        { prompt: 3, completion: 2 },
        { prompt: 4, completion: 2 },
      ],
    });
    expect(facts.choices.map(({ index, finishes }) => [index, finishes])).toEqual([
      [1, ['limit']],
      [0, ['limit']],
    ]);
  });

  it('has not ended while one prompt has not, even if another ends twice', () => {
    expect(stream(events([last(0), last(0)]), reading).end).toBeNull();
  });

  it('ends with the first object where one prompt was sent', () => {
    const facts = stream(events([last(0), last(1)]), { api: llamacppCompletion, request: { prompt: 'a' } });
    expect(facts).toMatchObject({ end: { index: 0 }, afterEnd: { markers: 1 } });
  });

  it('takes a list only where several prompts were sent', () => {
    expect(whole(llamacppCompletion, [last(0), last(1)], request).choices).toHaveLength(2);
    expect(whole(llamacppCompletion, last(0), request).choices).toBeNull();
    expect(whole(llamacppCompletion, [last(0)], { prompt: 'a' }).choices).toBeNull();
    expect(whole(llamacppCompletion, [], request).choices).toBeNull();
    expect(whole(llamacppCompletion, last(0), { prompt: [40, 41] }).choices).toHaveLength(1);
  });

  it('says of a full window that it was not the limit', () => {
    const { choices } = whole(llamacppCompletion, last(0, { truncated: true }), { prompt: 'a' });
    expect(llamacppCompletion.terms.finishes.get(String(choices?.[0]?.finishes[0]))).toBe('truncated');
  });
});

describe('Ollama', () => {
  const line = (content: string, more: object = {}) => ({ message: { content }, done: false, ...more });
  const reading = { api: ollamaChat, contentType: 'application/x-ndjson' };

  it('takes an early done_reason for one too many beside the last, and for none without it', () => {
    const early = line('a', { done_reason: 'length' });
    const end = { message: { content: '' }, done: true };
    const finishes = (...list: object[]) => stream(lines(list), reading).choices[0]?.finishes;
    expect(finishes(early, { ...end, done_reason: 'length' })).toEqual(['length', 'length']);
    expect(finishes(early, end)).toEqual([]);
    expect(finishes(line('a'), { ...end, done_reason: '' })).toEqual([]);
  });

  it('has no usage of a body that is only a part', () => {
    const part = whole(ollamaChat, {
      message: { content: 'a' },
      done: false,
      eval_count: 3,
      prompt_eval_count: 5,
    });
    expect(part).toMatchObject({ usage: { kind: 'absent' }, unfinished: 'done:false' });
  });

  it('is no stream of lines where there are those of an event stream', () => {
    expect(stream(`${lines([line('a')])}data: {}\n`, reading).foreign).toBe('a line of an event stream');
    expect(stream(`${lines([line('a')])}{"broken\n`, reading).foreign).toBeNull();
  });
});
