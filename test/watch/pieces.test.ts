import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chat } from '../../src/apis/chat.ts';
import { isAddedUsage, Passage } from '../../src/watch/passage.ts';
import { ASKED, bytesOf, chatStream, chunk, cut, event, USAGE, usageChunk, watchPieces } from './watched.ts';

const datum = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((content) => chunk({ content })),
  fc.string({ unit: 'binary' }).map((content) => chunk({ content }, null, 1)),
  fc.string().map((reasoning_content) => chunk({ reasoning_content })),
  fc.constantFrom<unknown>(
    chunk({ role: 'assistant', content: '' }),
    chunk({}, 'stop'),
    usageChunk(USAGE),
    usageChunk(null),
    usageChunk({ prompt_tokens: '9' }),
    '[DONE]',
    { error: 'e' },
    'null',
    'oops',
  ),
);
const line = fc.oneof(
  { weight: 6, arbitrary: datum.map((data) => event(data).trimEnd()) },
  fc.constantFrom(
    '',
    ': c',
    'id: 1',
    'event: error',
    'error: {"message":"m"}',
    '{"error":"bare"}',
    'junk',
    'data',
  ),
);
const ends = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n', '\r\r', '');
const bodies = fc
  .tuple(fc.constantFrom('', '\ufeff', '\n'), fc.array(fc.tuple(line, ends), { maxLength: 30 }))
  .map(([head, all]) => bytesOf(head + all.map(([each, end]) => each + end).join('')));
const places = fc.array(fc.nat(), { maxLength: 20 });
const inBytes = (bytes: Uint8Array) => cut(bytes, [...bytes.keys()]);

describe('whatever the pieces', () => {
  it('the same bytes are judged the same', () => {
    fc.assert(
      fc.property(bodies, places, (bytes, at) => {
        const whole = watchPieces([bytes], { keepText: true });
        expect(watchPieces(cut(bytes, at), { keepText: true })).toEqual(whole);
        expect(watchPieces(inBytes(bytes), { keepText: true })).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it('random bytes never throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('', 'data: ', '{'),
        places,
        (random, head, at) => {
          const bytes = Uint8Array.of(...bytesOf(head), ...random);
          expect(watchPieces(cut(bytes, at))).toEqual(watchPieces([bytes]));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('what passes is the same bytes', () => {
    fc.assert(
      fc.property(bodies, places, (bytes, at) => {
        const passage = new Passage({ api: chat, request: ASKED }, () => false);
        const out = cut(bytes, at).flatMap((piece) => passage.push(piece));
        passage.watch.end('clean');
        expect(Buffer.concat([...out, ...passage.rest()])).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('the chunk with nothing but usage is taken out, and nothing else', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 10 });
    fc.assert(
      fc.property(texts, places, fc.boolean(), (said, at, crlf) => {
        const written = (usage: unknown) => {
          const text = `: hello\n\n${chatStream(said, usage)}: bye\n\n`;
          return bytesOf(crlf ? text.replaceAll('\n', '\r\n') : text);
        };
        const passage = new Passage({ api: chat, request: ASKED }, isAddedUsage);
        // A piece that ends inside CRLF leaves a blank line behind.
        const pieces = crlf ? [written(USAGE)] : cut(written(USAGE), at);
        const out = pieces.flatMap((piece) => passage.push(piece));
        expect(passage.watch.end('clean').usage).toEqual(USAGE);
        expect(Buffer.concat([...out, ...passage.rest()]).toString()).toBe(
          Buffer.from(written(null)).toString(),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('text that is not parsed', () => {
  it('is the text that parsing gives', () => {
    const texts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        texts,
        fc.boolean(),
        fc.constantFrom('content', 'reasoning_content'),
        (said, ascii, field) => {
          const body = said
            .map((text) => event(chunk({ [field]: text })))
            .join('')
            .replace(
              ascii ? /[\u0080-\uffff]/g : /^$/,
              (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
            );
          const { texts: kept, choices } = watchPieces([bytesOf(body)], { keepText: true });
          // Half a pair cannot be said in UTF-8.
          const sent = ascii ? said : said.map((text) => Buffer.from(text).toString());
          expect(kept?.join('') ?? '').toBe(sent.join(''));
          const spoken = sent.filter((text) => text !== '');
          const bytes = (text: string) => Buffer.byteLength(text);
          const spare = spoken.filter((text) => bytes(text) > text.length).map((text) => bytes(text) - 1);
          expect(choices.map(({ textChunks, spareBytes }) => [textChunks, spareBytes])).toEqual(
            said.length === 0 ? [] : [[spoken.length, spare.reduce((sum, each) => sum + each, 0)]],
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
