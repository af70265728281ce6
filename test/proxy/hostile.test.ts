/** Whatever clients and servers send, the proxy passes it on and lives. */
import { expect, it } from 'vitest';
import { llamaCppPython } from '../../src/products/llama-cpp-python.ts';
import { exchange, rawUpstream } from './raw.ts';
import { rowsIn, temporaryFolder } from './rows.ts';
import { started } from './started.ts';

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n';
const PATH = '/v1/chat/completions';
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

const BODIES: readonly string[] = [
  ...['', 'null', '7', '[]', '"a"', '{', '{"stream":true', '\ufeff{"stream":true}', '{}'],
  '{"stream":true,"stream_options":[],"messages":7,"stop":{"a":1},"model":{"x":1},"n":"2"}',
  '{"stream":true,"stream_options":{"include_usage":"yes"},"messages":[null,7,{"content":[null]}],"tools":7}',
  '{"stream":true,"stream_options":{"include_usage":true},"stop":[1,null,"a"],"n":-1,"max_tokens":"x"}',
  '{"__proto__":{"stream":true},"constructor":7,"stream":true,"stream":false,"model":"\\ud83d\\u0000\\n"}',
  `{"stream":true,"messages":${deep(100_000)}}`,
  `{"stream":true,"model":"${'m'.repeat(100_000)}"}`,
  '\u0000\u0001\xff\xfe',
];

const ANSWERS: readonly string[] = [
  ...['', '\n\n\n', ':\n\n', 'data:\n\n', 'data: [DONE]\n\n', 'data: 7\n\ndata: null\n\ndata: []\n\n'],
  'data: {"choices":7,"usage":[]}\n\ndata: {"choices":[null,7,{"index":"a","delta":7,"finish_reason":{}}],"usage":7}\n\n',
  'data: {"choices":[],"usage":{"prompt_tokens":"</script>","total_tokens":1e999,"a":{"b":{"c":{"d":1}}}}}\n\n',
  'data: {"id":{"a":1},"model":7,"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\ndata: [DONE]\n\n',
  `data: ${deep(100_000)}\n\n`,
  `data: {"choices":[],"usage":{${Array.from({ length: 50_000 }, (_, at) => `"k${at}":0`).join()}}}\n\n`,
  `data: ${'a'.repeat(3_000_000)}\n\ndata: [DONE]\n\n`,
  'event: error\ndata: no\n\nerror: {"code":500}\n\n',
  '{"error":{"message":"in a stream"}}',
];

it.each([
  ['without flags', {}],
  [
    'with all flags',
    {
      inject: true,
      repair: { product: llamaCppPython, allowEstimates: true, tokenizer: null },
      idleMs: 5_000,
    },
  ],
] as const)('passes what comes, %s', async (_, options) => {
  let number = 0;
  const upstream = await rawUpstream((socket) => {
    socket.end(HEAD + (ANSWERS[number % ANSWERS.length] ?? ''));
    number += 1;
  });
  const ledger = temporaryFolder();
  const proxy = await started(upstream.url, { ledger, ...options });
  const pairs = BODIES.flatMap((body) => ANSWERS.map((answer, at) => [body, answer, at] as const));
  for (const [body, answer, at] of pairs) {
    number = at;
    const bytes = Buffer.from(body);
    const head = `POST ${PATH} HTTP/1.0\r\nHost: me\r\ncontent-length: ${bytes.length}\r\n\r\n`;
    const { text } = await exchange(proxy.port, Buffer.concat([Buffer.from(head), bytes]));
    if (_ === 'without flags') expect(text.endsWith(answer)).toBe(true);
    else expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
  }
  const rows = rowsIn(ledger);
  expect(rows).toHaveLength(pairs.length);
  for (const row of rows) {
    expect(row.model?.length ?? 0).toBeLessThanOrEqual(256);
    expect(JSON.stringify(row).length).toBeLessThan(8_000);
    expect(JSON.stringify(row)).not.toContain('script');
  }
});
