import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileChatTemplate } from '../../src/tokenizer/chat-template.ts';
import {
  type Chat,
  type ChatMessage,
  loadTokenizer,
  type Tokenizer,
  TokenizerError,
} from '../../src/tokenizer/index.ts';
import { FIRST_MADE_ID, type MadeToken, spmValues, type Written, writeGguf } from './gguf-writer.ts';
import { fixtureText, temporaryDirectory, unpacked } from './vocabularies.ts';

const directory = temporaryDirectory();
let files = 0;

async function withTemplate(
  template: string | undefined,
  tokens: MadeToken[] = [],
  more: [string, Written][] = [],
) {
  const path = join(directory, `${++files}.gguf`);
  const value =
    template === undefined ? [] : [['tokenizer.chat_template', { type: 'string', value: template }] as const];
  writeFileSync(path, writeGguf(spmValues(tokens, [...value, ...more])));
  return loadTokenizer(path);
}

async function chatWith(template: string | undefined): Promise<Chat> {
  const { chat } = await withTemplate(template);
  if (!chat) throw new Error('no chat');
  return chat;
}

const user = (content: string): ChatMessage => ({ role: 'user', content });
const system = (content: string): ChatMessage => ({ role: 'system', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

const ROLES =
  "{% for m in messages %}{{ m.role + ':' + m.content + '\\n' }}{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";

describe.each(['stories260K-f32', 'tiny-random-llama-spm', 'tiny-random-qwen3'])(
  'conversations with %s',
  (model) => {
    let tokenizer: Tokenizer;
    beforeAll(async () => {
      tokenizer = await loadTokenizer(unpacked(directory, `${model}.vocab.gguf`));
    });

    it('counts the prompt as the llama.cpp server did', () => {
      const recorded = JSON.parse(fixtureText('conversations.json')) as {
        conversations: ChatMessage[][];
        promptTokens: Record<string, (number | null)[]>;
      };
      let compared = 0;
      for (const [index, messages] of recorded.conversations.entries()) {
        const expected = recorded.promptTokens[model]?.[index] ?? null;
        if (expected === null) continue;
        expect(tokenizer.chat?.count(messages), JSON.stringify(messages)).toBe(expected);
        expect(tokenizer.chat?.doubt(messages)).toBeUndefined();
        compared++;
      }
      expect(compared).toBeGreaterThan(60);
    });
  },
);

describe('the prompt of a conversation', () => {
  it('takes the default of llama.cpp where the model has no template, and says so', async () => {
    const chat = await chatWith(undefined);
    expect(chat.source).toBe('default-chatml');
    expect(chat.render([system('s'), user('u')])).toBe(
      '<|im_start|>system\ns<|im_end|>\n<|im_start|>user\nu<|im_end|>\n<|im_start|>assistant\n',
    );
    expect((await chatWith('chatml')).source).toBe('default-chatml');
    expect((await chatWith(ROLES)).source).toBe('model');
  });

  it('has the beginning-of-text token once, whether or not the template writes it', async () => {
    const bare = await withTemplate('{{ messages[0].content }}', [['▁a']]);
    const written = await withTemplate('{{ bos_token }}{{ messages[0].content }}', [['▁a']]);
    expect(bare.chat?.ids([user('a')])).toEqual([1, FIRST_MADE_ID]);
    expect(written.chat?.ids([user('a')])).toEqual(bare.chat?.ids([user('a')]));
    expect(written.chat?.render([user('a')])).toBe('a');
  });

  it('leaves the token to the template where the model adds none', async () => {
    const none: [string, Written] = ['tokenizer.ggml.add_bos_token', { type: 'bool', value: false }];
    const tokenizer = await withTemplate('{{ bos_token }}{{ messages[0].content }}', [], [none]);
    expect(tokenizer.chat?.ids([user('')])).toEqual([1]);
  });

  it('reads special tokens in what people say, as the server does', async () => {
    const tokenizer = await withTemplate('{{ messages[0].content }}');
    expect(tokenizer.chat?.ids([user('</s>')])).toEqual([1, 2]);
  });

  it('puts the system message into the next one where the template has no place for it', async () => {
    const chat = await chatWith(
      "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}[{{ m.content }}]{% endfor %}",
    );
    expect(chat.render([system('s'), user('u')])).toBe('[s\nu]');
    expect(chat.render([system('s')])).toBe('');
  });

  it('calls the developer system, except for gpt-oss', async () => {
    expect((await chatWith(ROLES)).render([{ role: 'developer', content: 'd' }, user('u')])).toContain(
      'system:d\n',
    );
    const harmony = await chatWith(`{# <|channel|> #}${ROLES}`);
    expect(harmony.render([{ role: 'developer', content: 'd' }, user('u')])).toContain('developer:d\n');
  });

  it('continues a last message of the assistant, and doubts it', async () => {
    const chat = await chatWith(ROLES);
    expect(chat.render([user('u'), assistant('and so')])).toBe('user:u\nassistant:and so');
    expect(chat.doubt([user('u'), assistant('and so')])).toBeDefined();
    expect(() => chat.render([user('u'), assistant('a'), assistant('b')])).toThrow('both of the assistant');
    expect(chat.render([user('u'), assistant('a')], { addGenerationPrompt: false })).toBe(
      'user:u\nassistant:a\n',
    );
  });

  it('joins the parts of a content for templates that know text only', async () => {
    const parts = {
      role: 'user',
      content: [
        { type: 'text', text: 'one' },
        { type: 'text', text: 'two' },
      ],
    };
    expect((await chatWith(ROLES)).render([parts])).toContain('user:one\ntwo\n');
    const partsOnly = await chatWith('{% for part in messages[0].content %}({{ part.text }}){% endfor %}');
    expect(partsOnly.render([user('x')])).toBe('(x)');
  });

  it('gives tools, and tool arguments as objects where the template wants them so', async () => {
    const chat = await chatWith(
      '{{ tools | tojson if tools }}{% for m in messages %}{% for c in m.tool_calls %}{{ c.function.arguments.arg }}{% endfor %}{{ m.content }}{% endfor %}',
    );
    const call = { id: '1', type: 'function', function: { name: 'f', arguments: '{"arg": "v"}' } };
    const tool = { type: 'function', function: { name: 'f' }, extra: 1 };
    expect(chat.render([user('u'), { role: 'assistant', tool_calls: [call] }, user('w')])).toBe('uvw');
    expect(chat.render([user('u')], { tools: [tool] })).toBe(
      '[{"type": "function", "function": {"name": "f", "description": "", "parameters": {}}}]u',
    );
    expect(chat.doubt([user('u')], { tools: [tool] })).toContain('tools');
  });

  it('passes further variables on', async () => {
    const chat = await chatWith('{{ messages[0].content }}{{ custom }}');
    expect(chat.render([user('u')], { extra: { custom: '!' } })).toBe('u!');
  });

  it.each([
    ['no role', [{ content: 'x' }], 'message 1 has no role'],
    ['nothing said', [user('a'), { role: 'user' }], 'message 2 has neither content nor tool_calls'],
    [
      'a picture',
      [{ role: 'user', content: [{ type: 'image_url' }] }],
      'message 1 has a part that is not text',
    ],
    ['a number', [{ role: 'user', content: 7 }], 'message 1 has a content that is neither'],
  ])('says what is wrong with a message: %s', async (_, messages, expected) => {
    const chat = await chatWith(ROLES);
    expect(() => chat.render(messages)).toThrow(TokenizerError);
    expect(() => chat.render(messages)).toThrow(expected);
  });

  it('counts with ranges, and refuses one without measure', async () => {
    const counting = await chatWith('{% for i in range(1, 6, 2) %}{{ i }}{% endfor %}{{ range(3)|length }}');
    expect(counting.render([user('u')])).toBe('1353');
    const endless = await chatWith('{% for i in range(1000000000) %}{% endfor %}');
    expect(() => endless.render([user('u')])).toThrow('range() of 1000000000 numbers');
  });

  it.each([
    ['a text', "'aa'", '~', 'a text of 33554432 characters'],
    ['a list', '[1]', '+', 'a list of 1048576 values'],
  ])('refuses %s that is doubled without measure', async (_, first, operator, expected) => {
    const twice = `{% set all.x = all.x ${operator} all.x %}`;
    const source = `{% set all = namespace(x=${first}) %}{% for i in range(60) %}${twice}{% endfor %}`;
    const chat = await chatWith(source);
    expect(() => chat.render([user('u')])).toThrow(expected);
  });

  it('says when a template cannot be parsed or refuses the messages', async () => {
    const broken = await chatWith('{% if %}');
    expect(() => broken.render([user('u')])).toThrow('cannot be parsed');
    const cut = await chatWith('{% for m in messages %}');
    expect(() => cut.render([user('u')])).toThrow('cannot be parsed (it ends too early)');
    const strict = await chatWith("{{ raise_exception('not this') }}");
    expect(() => strict.render([user('u')])).toThrow(/refuses these messages .*\(not this\)/);
  });
});

describe('string functions of templates', () => {
  const render = (source: string, x: unknown, dialect: 'llama.cpp' | 'python' = 'llama.cpp'): string =>
    compileChatTemplate('file', source, dialect).render({ x });

  it.each([
    ['{{ x | trim }}', ' \t\u00a0a\ufeff\n', '\u00a0a\ufeff'],
    ['{{ x.strip() }}', '\n a \n', 'a'],
    ["{{ x.strip('.-') }}", '.-a.-', 'a'],
    ["{{ x.lstrip('x') }}", 'xxax', 'ax'],
    ["{{ x.rstrip('\\n') }}", 'a \n\n', 'a '],
    ["{{ (x | trim).split('b')[0] | trim }}", '  a b', 'a'],
    ['{{ x.split() | length }}', 'a  b', '3'],
    ['{{ x | upper }}', 'aé', 'Aé'],
    ['{{ x.lower() }}', 'AÉ', 'aÉ'],
    ['{{ x | length }}', undefined, '0'],
    ['{% for y in nothing %}{{ y }}{% endfor %}', '', ''],
    ['{% for y in nothing if y %}{{ y }}{% endfor %}', '', ''],
  ])('as llama.cpp: %s', (source, x, expected) => {
    expect(render(source, x)).toBe(expected);
  });

  it('as Python for Hugging Face', () => {
    expect(render('{{ x | trim }}', ' \u00a0\u3000a\ufeff\x1f', 'python')).toBe('a\ufeff');
    expect(render('{{ x.split() | length }}', 'a  b', 'python')).toBe('2');
    expect(render('{{ x | upper }}', 'aé', 'python')).toBe('AÉ');
  });
});
