import { describe, expect, it } from 'vitest';
import { judgedUsage } from '../../src/model/answer.ts';
import { read, stream } from './read.ts';
import { finish, GOOD, sse, text, tinyApi, tinyLinesApi, usage } from './tiny-api.ts';

describe('usage in a stream', () => {
  it('tells absent, null and a value apart', () => {
    const facts = stream(sse(text('a'), '{"choices":[],"usage":null}', usage(1, 1), '[DONE]'));
    expect(facts).toMatchObject({ usageAbsent: 1, usageNull: 1, usageCount: 1 });
    expect(facts.usages[0]).toMatchObject({
      choices: 'empty',
      counts: { prompt: 1, completion: 1, total: 2 },
    });
  });

  it('keeps the first and last 64 of many, and counts all', () => {
    const facts = stream(sse(...Array.from({ length: 500 }, (_, i) => usage(i, 0)), '[DONE]'));
    expect(facts.usageCount).toBe(500);
    expect(facts.usages.map((each) => each.counts.prompt)).toEqual([
      ...Array.from({ length: 64 }, (_, i) => i),
      ...Array.from({ length: 64 }, (_, i) => 436 + i),
    ]);
    expect(facts.usages.at(-1)?.frame.index).toBe(499);
  });

  it('keeps the last one with a count, whole, however many follow that have none', () => {
    const details = '{"choices":[],"usage":{"p":7,"c":1,"t":8,"d":{"a_tokens":-1}}}';
    const none = Array.from({ length: 200 }, () => '{"choices":[],"usage":{}}');
    const facts = stream(sse(...none, usage(1, 1), details, ...none, '[DONE]'));
    expect(judgedUsage(facts)).toMatchObject({
      frame: { index: 201 },
      counts: { prompt: 7, details: [['a_tokens', -1]] },
    });
    expect(judgedUsage(stream(sse(...none, '[DONE]')))?.frame.index).toBe(199);
    for (let at = 50; at < 220; at += 17) {
      const counted = Array.from({ length: at }, (_, i) => usage(i, 1));
      for (const behind of [1, 63, 64, 65, 150])
        expect(judgedUsage(stream(sse(...none, ...counted, ...none.slice(0, behind))))?.counts.prompt).toBe(
          at - 1,
        );
    }
  });

  it('keeps the last of many details', () => {
    const d = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`a${i}_tokens`, i]));
    const [report] = stream(sse(JSON.stringify({ choices: [], usage: { p: 1, d } }), '[DONE]')).usages;
    expect(report?.counts.details).toHaveLength(32);
    expect(report?.counts.details.at(-1)).toEqual(['a499_tokens', 499]);
  });

  it('knows whether anything was delivered before', () => {
    const content = '{"choices":[{"i":0,"text":"a"}],"usage":{"p":1}}';
    const facts = stream(sse(usage(1, 0), text(''), usage(1, 0), content, usage(1, 1), '[DONE]'));
    expect(facts.usages.map((each) => each.beforeContent)).toEqual([true, true, false, false]);
  });

  it('knows whether the first finish came before', () => {
    const facts = stream(
      sse(usage(1, 0), '{"choices":[{"i":0,"finish":"stop"}],"usage":{"p":1}}', usage(1, 1), '[DONE]'),
    );
    expect(facts.usages.map((each) => each.atOrAfterFirstFinish)).toEqual([false, true, true]);
    expect(facts.usages.map((each) => each.choices)).toEqual(['empty', 'non-empty', 'empty']);
  });

  it('tells how it is written, for the first and last ones, however large their chunks', () => {
    const filling = JSON.stringify('"'.repeat(6000));
    const written = (count: string) =>
      `{"id":"x","id":"y","filling":${filling},"usage":{"prompt_tokens":${count}}}`;
    const chunks = Array.from({ length: 500 }, (_, i) => written(`${i}.0`));
    const { usages } = stream(sse(...chunks, '[DONE]'));
    expect(usages[0]?.text).toEqual({ notPlain: [['usage.prompt_tokens', '0.0']], repeated: ['id'] });
    expect(usages.at(-1)?.text).toEqual({ notPlain: [['usage.prompt_tokens', '499.0']], repeated: ['id'] });
    expect(usages.at(64)?.text).toBeNull();
    const [after] = stream(sse('[DONE]', written('1'))).afterEnd.usages;
    expect(after?.text).toBeNull();
  });

  it('keeps little of keys and numbers that are monstrous', () => {
    const usages = Array.from({ length: 40 }, (_, i) => `"${'k'.repeat(20_000)}${i % 20}":1`).join();
    const [report] = stream(sse(`{"usage":{${usages},"prompt_tokens":1${'0'.repeat(20_000)}.0}}`)).usages;
    expect(report?.text?.repeated).toHaveLength(8);
    expect(JSON.stringify(report?.text).length).toBeLessThan(2500);
  });

  it('cuts what is monstrous, and leaves numbers alone', () => {
    const long = 'x'.repeat(100_000);
    const chunk = {
      id: long,
      choices: [],
      usage: { p: long, c: [long], t: 2 ** 53 + 2, d: { a_tokens: long } },
    };
    const [report] = stream(sse(JSON.stringify(chunk), '[DONE]')).usages;
    expect(JSON.stringify(report).length).toBeLessThan(6000);
    expect(report?.counts.total).toBe(2 ** 53 + 2);
  });
});

describe('the end', () => {
  it('puts what follows it into afterEnd only', () => {
    const facts = stream(
      sse(text('a'), '[DONE]', usage(1, 1), text('b'), '[DONE]', '', 'junk', finish('stop')),
    );
    expect(facts).toMatchObject({
      events: 2,
      usageCount: 0,
      usages: [],
      end: { index: 1 },
      lastFinish: null,
      notJson: [],
    });
    expect(facts.choices).toMatchObject([{ text: 'a', finishes: [] }]);
    expect(facts.frames).toHaveLength(2);
    expect(facts.afterEnd.markers).toBe(1);
    expect(facts.afterEnd.usages).toMatchObject([{ counts: { total: 2 } }]);
    expect(facts.afterEnd.others.map((frame) => frame.data)).toEqual([text('b'), 'junk', finish('stop')]);
  });

  it('keeps what follows bounded', () => {
    const facts = stream(sse('[DONE]', ...Array.from({ length: 3000 }, () => text('b'))));
    expect(facts.afterEnd.others).toHaveLength(64);
    const usages = Array.from({ length: 100 }, (_, i) => usage(i, 1));
    const last = stream(sse('[DONE]', ...usages, text('b'), ...usages, text('last')));
    expect(last.afterEnd.usages.map((each) => each.counts.prompt)).toEqual([...Array(63).keys(), 99]);
    expect(last.afterEnd.others.map((frame) => frame.data)).toEqual([text('b'), text('last')]);
  });

  it('may be a JSON object, which can be the last chunk as well', () => {
    const lines = [
      text('a'),
      '{"choices":[{"i":0,"finish":"stop"}],"usage":{"p":1,"c":1,"t":2},"done":true}',
      text('late'),
    ];
    const facts = stream(lines.join('\n'), { api: tinyLinesApi, contentType: 'application/x-ndjson' });
    expect(facts).toMatchObject({
      events: 2,
      end: { index: 1 },
      lastChunk: { index: 1 },
      usageCount: 1,
      usageAbsent: 1,
      remarks: [{ kind: 'no-final-blank-line' }],
    });
    expect(facts.afterEnd.others).toHaveLength(1);
    const bare = stream(sse(usage(1, 1), '{"done":true}'), { api: { ...tinyApi, endMarker: null } });
    expect(bare).toMatchObject({ end: { index: 1 }, lastChunk: { index: 0 }, usageAbsent: 0 });
  });

  it('is found with blanks around it', () => {
    expect(stream('data:   [DONE] \n\n').end?.index).toBe(0);
  });
});

describe('choices', () => {
  it('are told apart by index, and by its absence', () => {
    const facts = stream(
      sse(
        text('a', 0),
        text('b', 1),
        '{"choices":[{"text":"c"}]}',
        finish('stop', 1),
        text('d', 1),
        '[DONE]',
      ),
    );
    expect(facts.choices).toMatchObject([
      { index: 0, text: 'a', finishes: [], deltaAfterFinish: false },
      { index: 1, text: 'bd', finishes: ['stop'], deltaAfterFinish: true },
      { index: null, text: 'c' },
    ]);
  });

  it('have equal digests for equal answers, however they were cut up', () => {
    const answer = `${'héllo 🦙 '.repeat(3000)}end`;
    const whole = read(JSON.stringify({ choices: [{ i: 0, text: answer, reasoning: 'why', tool: 'f{}' }] }), {
      contentType: 'application/json',
    });
    const pieces = [...answer].map((each) => text(each));
    const odd = [
      '{"choices":[{"i":0,"reasoning":"wh"}]}',
      ...pieces,
      '{"choices":[{"i":0,"tool":"f{}","reasoning":"y"}]}',
    ];
    const [streamed] = stream(sse(...odd, '[DONE]')).choices;
    if (whole.kind !== 'json') throw new Error(whole.kind);
    const [plain] = whole.answer.choices ?? [];
    expect(streamed?.digest).toBe(plain?.digest);
    expect(streamed).toMatchObject({ textLength: answer.length, reasoningLength: 3, toolCalls: 'f{}' });
    expect(streamed?.text).toBe(answer.slice(0, 16 * 1024));
    const [other] = stream(sse(text(answer.slice(1)), '[DONE]')).choices;
    expect(other?.digest).not.toBe(plain?.digest);
  });

  it('have finishes as they came, the first and the last of many', () => {
    const values = ['""', '"null"', '0', 'false', '{"a":1}', 'null'];
    const facts = stream(sse(...values.map((value) => `{"choices":[{"i":0,"finish":${value}}]}`), '[DONE]'));
    expect(facts.choices[0]?.finishes).toEqual(['', 'null', 0, false, { a: 1 }]);
    const many = stream(sse(...Array.from({ length: 40 }, () => finish('stop')), finish('length'), '[DONE]'));
    expect(many.choices[0]?.finishes).toEqual([...Array(15).fill('stop'), 'length']);
    const long = stream(sse(finish('x'.repeat(100_000)), '[DONE]'));
    expect(JSON.stringify(long.choices[0]?.finishes).length).toBeLessThan(200);
  });

  it('are bounded', () => {
    const facts = stream(sse(...Array.from({ length: 300 }, (_, i) => text('x', i)), '[DONE]'));
    expect(facts.choices).toHaveLength(128);
  });

  it('sum up log probabilities', () => {
    const some = (count: number) => `{"choices":[{"i":0,"logprobs":${count}}]}`;
    expect(stream(sse(some(2), text('a'), some(3), '[DONE]')).choices[0]?.logprobs).toBe(5);
    expect(stream(sse(...GOOD)).choices[0]?.logprobs).toBe(0);
  });

  it('show the first fields that hold no text, each with its frame', () => {
    const facts = stream(
      sse(text('a'), ...Array.from({ length: 300 }, () => '{"choices":[{"i":0,"text":7}]}')),
    );
    expect(facts.mistyped).toHaveLength(16);
    expect(facts.mistyped[0]).toMatchObject({ name: 'text', type: 'number', frame: { index: 1 } });
  });

  it('sum up token ids', () => {
    const facts = stream(sse('{"choices":[{"i":0,"ids":2}]}', '{"choices":[{"i":0,"ids":3}]}', '[DONE]'));
    expect(facts.choices[0]?.tokenIds).toBe(5);
    expect(stream(sse(...GOOD)).choices[0]?.tokenIds).toBeNull();
  });
});

describe('frames', () => {
  it('keep the last in which something happened, and the last that is no JSON', () => {
    const plain = Array.from({ length: 100 }, () => text('a'));
    const broken = Array.from({ length: 300 }, (_, i) => `no JSON ${i}`);
    const facts = stream(sse(...plain, ...broken, finish('stop'), ...plain));
    expect(facts.frames.some(({ data }) => data === finish('stop'))).toBe(true);
    expect(facts.notJson).toHaveLength(16);
    expect(facts.notJson.at(-1)?.data).toBe('no JSON 299');
  });
});
