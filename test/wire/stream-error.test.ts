import { describe, expect, it } from 'vitest';
import { read, stream } from './read.ts';
import { finish, sse, text, usage } from './tiny-api.ts';

describe('errors in a stream', () => {
  it('as an event, with what came after', () => {
    const facts = stream(
      sse(text('a'), '{"error":"overloaded"}', '{"error":"again"}', text('b'), usage(1, 1), '[DONE]'),
    );
    expect(facts.error).toMatchObject({
      form: 'event',
      message: 'overloaded',
      frame: { index: 1 },
      contentAfter: { index: 3 },
      usageAfter: { index: 4 },
    });
    expect(facts.usageAbsent).toBe(2);
  });

  it('as a line `error: {…}`, even where nothing else came', () => {
    const line = 'error: {"code":500,"message":"oh no"}\n\n';
    expect(stream(line)).toMatchObject({
      events: 0,
      error: { form: 'sse-line', message: 'oh no', contentAfter: null },
      remarks: [],
    });
    expect(stream(sse(text('a')) + line + sse(text('b'))).error).toMatchObject({
      form: 'sse-line',
      contentAfter: { index: 2 },
    });
  });

  it('as a line of plain words, by the content type', () => {
    expect(stream('error: out of memory\n\n').error).toMatchObject({
      form: 'sse-line',
      message: 'out of memory',
    });
    expect(read('error: out of memory\n\n', { contentType: 'text/plain' }).kind).toBe('text');
    const silent = stream(`${sse(text('a'))}error: null\n\nerror:\n\n${sse('[DONE]')}`);
    expect(silent).toMatchObject({ error: null, remarks: [{ kind: 'unknown-line' }] });
  });

  it('with the status that it says, and whether something was delivered before', () => {
    const first = stream(sse('{"error":{"message":"slow down","code":429}}'));
    expect(first.error).toMatchObject({ status: 429, delivered: false });
    const finished = sse(finish('stop'), '{"object":"error","message":"oh no","code":"50001"}');
    expect(stream(finished).error).toMatchObject({ status: 500, delivered: false });
    expect(stream(sse(text('a')) + finished).error).toMatchObject({ status: 500, delivered: true });
  });

  it('and nothing in it is read as part of the answer', () => {
    const facts = stream(
      sse('{"error":"oh no","choices":[{"i":0,"text":"a","finish":"stop"}],"usage":{"p":1,"c":1,"t":2}}'),
    );
    expect(facts).toMatchObject({ choices: [], usageCount: 0, lastFinish: null, lastChunk: null });
    expect(facts.error).toMatchObject({ delivered: false, contentAfter: null, usageAfter: null });
  });

  it('without a key that runs over the cut', () => {
    const key = 'sk-0123456789abcdef';
    const redact = (said: string) => said.replaceAll(key, 'REDACTED');
    for (let before = 380; before < 1040; before += 5) {
      const message = `${'x'.repeat(before)}${key}`;
      const said = JSON.stringify({ error: { message, param: message.slice(-70) } });
      const { error } = stream(sse(said), { redact });
      expect(JSON.stringify(error)).not.toContain('sk-0123');
    }
  });

  it('as a line of bare JSON', () => {
    const facts = stream(`${sse(text('a'))}{"error":{"message":"oh no"}}\n\n`);
    expect(facts.error).toMatchObject({ form: 'bare-json', message: 'oh no', frame: { index: 1 } });
    expect(stream(`{"error":"first"}\n\n${sse('[DONE]')}`).error).toMatchObject({
      form: 'bare-json',
      message: 'first',
    });
    expect(stream(`${sse(text('a'))}{"error":"unfinished line"}`).error?.form).toBe('bare-json');
  });

  it('as an event of that name, whatever its data', () => {
    const flat = stream(`event: error\ndata: {"message":"oh no","code":500}\n\n${sse(text('b'))}`);
    expect(flat.error).toMatchObject({ form: 'event', message: 'oh no', contentAfter: { index: 1 } });
    expect(flat.usageAbsent).toBe(1);
    const plain = stream(`${sse(text('a'))}event: error\ndata: oh no\n\n`);
    expect(plain.error).toMatchObject({ form: 'text', message: 'oh no' });
    expect(plain.notJson).toEqual([]);
  });

  it('after the end is one of the others', () => {
    expect(stream(`${sse('[DONE]')}error: {"message":"late"}\n`).afterEnd.others).toHaveLength(1);
  });
});

describe('data that is no JSON object', () => {
  it.each(['null', '[1]', '"text"', '12', 'oops', '', '{"a":1}{"b":2}', '{"a":1', 'true', '[done]'])(
    '%j',
    (data) => {
      const facts = stream(sse(text('a'), data, '[DONE]'));
      expect(facts.notJson.map((frame) => frame.data)).toEqual([data]);
      expect(facts.lastChunk?.index).toBe(0);
    },
  );

  it('stops the body where it has too many values', () => {
    const body = read(sse(`{"a":[${'{},'.repeat(60_000)}{}]}`, '[DONE]'));
    const ending = { kind: 'stopped', why: 'too-large' };
    expect(body).toMatchObject({ kind: 'stream', ending, stream: { events: 0 } });
  });
});

describe('frames', () => {
  it('are kept from the head, the tail and where something happened', () => {
    const data = Array.from({ length: 1000 }, (_, i) =>
      i === 500 ? finish('stop') : i === 600 ? 'oops' : text(`t${i}`),
    );
    const kept = stream(sse(...data, '[DONE]')).frames.map((frame) => frame.index);
    expect(kept).toEqual([
      ...Array.from({ length: 64 }, (_, i) => i),
      500,
      600,
      ...Array.from({ length: 64 }, (_, i) => 937 + i),
    ]);
  });

  it('are cut at 4 KB, and shorter when there are many long ones', () => {
    const facts = stream(sse(...Array.from({ length: 300 }, () => text('é'.repeat(20_000))), '[DONE]'), {
      bodyBytes: 1e9,
    });
    expect(facts.frames[0]?.data).toHaveLength(4096);
    expect(JSON.stringify(facts).length).toBeLessThan(250_000);
  });

  it('carry the event’s name and time', () => {
    const body = read(`event: ping\n${sse(text('a'))}`);
    expect(body.kind === 'stream' && body.stream.frames[0]).toEqual({
      index: 0,
      at: 0,
      data: text('a'),
      event: 'ping',
    });
  });
});
