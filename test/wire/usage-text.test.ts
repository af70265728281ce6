import { expect, it } from 'vitest';
import { apiOf } from '../../src/apis/index.ts';
import type { ApiId } from '../../src/model/api.ts';
import { keepAsIs } from '../../src/wire/bounded.ts';
import { readUsageText } from '../../src/wire/usage-text.ts';

const PLAIN = { notPlain: [], repeated: [] };
const read = (id: ApiId, text: string) => readUsageText(apiOf(id), text, keepAsIs);

it.each([
  [
    'chat',
    '{"usage":{"prompt_tokens":1,"prompt_tokens_details":{"cached_tokens":0,"share":0.5},"cost":1.0}}',
  ],
  [
    'chat',
    '{"usage":{"prompt_tokens":12.50,"prompt_tokens":1}}',
    ['usage.prompt_tokens'],
    ['usage.prompt_tokens'],
  ],
  ['completions', '{"usage":{"total_tokens":-0}}', ['usage.total_tokens']],
  [
    'completions',
    '{"usage":{"completion_tokens_details":{"x_tokens":1E2}}}',
    ['usage.completion_tokens_details.x_tokens'],
  ],
  ['chat', '{"usage":{"other_tokens_details":{"a_tokens":1.0,"a_tokens":1}},"prompt_tokens":1.0}'],
  ['chat', '{"message":{"usage":{"prompt_tokens":1.0}},"usage.prompt_tokens":1.0,"a":{"b":1,"b":2}}'],
  [
    'messages',
    '{"type":"message_start","message":{"id":1,"id":2,"usage":{"input_tokens":1.0}}}',
    ['message.usage.input_tokens'],
  ],
  [
    'messages',
    '{"usage":{"output_tokens":1,"cache_creation":{"ephemeral_5m_input_tokens":0.0,"x":1,"x":2}}}',
    ['usage.cache_creation.ephemeral_5m_input_tokens'],
    ['usage.cache_creation.x'],
  ],
  [
    'ollama-chat',
    '{"eval_count":3.0,"total_duration":1e9,"message":{"eval_count":1.0,"a":1,"a":2}}',
    ['eval_count'],
  ],
  [
    'gemini',
    '{"usageMetadata":{"promptTokenCount":3.0,"totalTokenCount":5,"totalTokenCount":5}}',
    ['usageMetadata.promptTokenCount'],
    ['usageMetadata.totalTokenCount'],
  ],
  ['ollama-chat', '{"done":true,"done":true,"eval_count":3}', [], ['done']],
] as const)('%s: %s', (id, text, ...[notPlain, repeated]) => {
  const found = read(id, text);
  expect(found?.notPlain.map(([name]) => name)).toEqual(notPlain ?? []);
  expect(found?.repeated).toEqual(repeated ?? []);
});

it('says nothing where the API does not say where to look', () => {
  const { usagePlaces: _, ...api } = apiOf('chat');
  expect(readUsageText(api, '{"usage":{"prompt_tokens":1.0}}', keepAsIs)).toBeNull();
  expect(read('chat', '[]')).toEqual(PLAIN);
});
