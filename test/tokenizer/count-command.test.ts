import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type CountOptions, runCount } from '../../src/tokenizer/count-command.ts';
import { TokenizerError } from '../../src/tokenizer/index.ts';
import { temporaryDirectory, unpacked } from './vocabularies.ts';

const directory = temporaryDirectory();
const tokenizer = unpacked(directory, 'tiny-random-llama-spm.vocab.gguf');

type Options = Omit<CountOptions, 'tokenizer'> & { tokenizer?: string };

async function counted(options: Options, stdin: Readable): Promise<{ printed: string; notes: string[] }> {
  let printed = '';
  const notes: string[] = [];
  const out = (text: string): void => {
    printed += text;
  };
  await runCount({ tokenizer, ...options }, { stdin, out, note: (text) => notes.push(text) });
  return { printed, notes };
}

async function count(options: Options, stdin: Uint8Array | string = ''): Promise<string> {
  return (await counted(options, Readable.from([Buffer.from(stdin)]))).printed;
}

function saved(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

describe('lastchunk count', () => {
  it('prints the number of tokens on a line', async () => {
    expect(await count({ text: 'Hello world' })).toBe('2\n');
    expect(await count({ text: '' })).toBe('0\n');
  });

  it('prints the ids on a line', async () => {
    expect(await count({ text: 'Hello world', ids: true })).toBe('15043 3186\n');
    expect(await count({ text: '', ids: true })).toBe('\n');
  });

  it('takes standard input byte for byte', async () => {
    expect(await count({ ids: true }, 'Hello world\n')).toBe('15043 3186 13\n');
    expect(await count({ ids: true }, '\n')).toBe('29871 13\n');
    expect(await count({ ids: true }, Buffer.from([0xef, 0xbb, 0xbf]))).toBe(
      await count({ text: '\ufeff', ids: true }),
    );
    expect(await count({ ids: true }, 'a\r\n')).toBe(await count({ text: 'a\r\n', ids: true }));
  });

  it('counts a character whose bytes come in two pieces', async () => {
    const bytes = Buffer.from('🦙');
    const stdin = Readable.from([bytes.subarray(0, 2), bytes.subarray(2)]);
    const { printed } = await counted({ ids: true }, stdin);
    expect(printed).toBe(await count({ text: '🦙', ids: true }));
  });

  it('takes a file byte for byte', async () => {
    expect(await count({ file: saved('text.txt', 'Hello world\n') })).toBe('3\n');
  });

  it('counts plain text unless told otherwise', async () => {
    expect(await count({ text: '</s>', ids: true })).not.toBe('2\n');
    expect(await count({ text: '</s>', ids: true, special: true })).toBe('2\n');
    expect(await count({ text: 'Hello world', ids: true, bos: true })).toBe('1 15043 3186\n');
  });

  it('counts a conversation, as a list or as a request body', async () => {
    const messages = [{ role: 'user', content: 'Hello' }];
    const list = saved('list.json', JSON.stringify(messages));
    const body = saved('body.json', JSON.stringify({ model: 'm', messages, max_tokens: 5 }));
    const expected = await count({ text: '[INST] Hello [/INST]', bos: true, ids: true });
    expect(await count({ messages: list, ids: true })).toBe(expected);
    expect(await count({ messages: body, ids: true })).toBe(expected);
  });

  it.each([
    ['two inputs', { text: 'a', file: 'b' }, 'takes one of --text, --file and --messages'],
    ['a missing file', { file: '/missing/file' }, 'cannot be read'],
    ['a missing tokenizer', { text: 'a', tokenizer: '/missing' }, 'is not there'],
    ['messages that are no JSON', { messages: saved('bad.json', '{') }, 'is not JSON'],
    ['messages that are none', { messages: saved('none.json', '{"a": 1}') }, 'holds no messages'],
    [
      'a message without a role',
      { messages: saved('norole.json', '[{}]') },
      'norole.json: message 1 has no role',
    ],
    [
      'tools that are no list',
      { messages: saved('tools.json', '{"messages": [], "tools": "x"}') },
      'has "tools" that are no list',
    ],
    ['text that is not UTF-8', { file: saved('latin1.txt', Buffer.from([0x61, 0xe9])) }, 'is not UTF-8'],
  ])('refuses %s', async (_, options, expected) => {
    await expect(count(options)).rejects.toThrow(expected);
    await expect(count(options)).rejects.toThrow(TokenizerError);
  });

  it('takes JSON behind a byte-order mark', async () => {
    const list = '[{"role": "user", "content": "Hello"}]';
    const marked = await count({ messages: saved('marked.json', `\ufeff${list}`) });
    expect(marked).toBe(await count({ messages: saved('bare.json', list) }));
  });

  it('remarks on a count of a conversation that the server may not share', async () => {
    const noted = async (messages: unknown, name: string): Promise<string[]> =>
      (await counted({ messages: saved(name, JSON.stringify(messages)) }, Readable.from([]))).notes;
    expect(await noted([{ role: 'user', content: 'a' }], 'plain.json')).toEqual([]);
    const parts = [{ role: 'user', content: [{ type: 'text', text: 'a' }] }];
    expect(await noted(parts, 'parts.json')).toEqual([
      'the server may count otherwise: a content in parts may be joined in another way',
    ]);
  });

  it('stops reading what never ends', async () => {
    const zeros = Buffer.alloc(1 << 20);
    const endless = Readable.from(
      (function* () {
        for (;;) yield zeros;
      })(),
    );
    await expect(counted({}, endless)).rejects.toThrow('standard input: has over 67108864 bytes');
  });

  it('says where there is no chat template', async () => {
    const bert = unpacked(directory, 'ggml-vocab-bert-bge.gguf');
    const messages = saved('m.json', '[{"role": "user", "content": "a"}]');
    await expect(count({ tokenizer: bert, messages })).rejects.toThrow('has no chat template');
  });
});
