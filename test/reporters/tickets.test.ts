import { expect, test } from 'vitest';
import { ticketsOf } from '../../src/reporters/issue/tickets.ts';
import { hostile, hostileTexts, invisible } from './hostile.ts';
import {
  fourServers,
  hostileReport,
  sampleOrder,
  sampleReport,
  sampleResult,
  sampleServer,
  sampleWords,
} from './sample-report.ts';

const context = { words: sampleWords, order: sampleOrder };

test('each finding of each server has a ticket, named by check, class and server', () => {
  expect(ticketsOf(fourServers(), context).map(({ file }) => file)).toMatchInlineSnapshot(`
    [
      "usage-present-absent--127.0.0.1-8001.md",
      "usage-present-absent--127.0.0.1-8002.md",
      "usage-present-absent--127.0.0.1-8003.md",
      "usage-total-contradictory-known--127.0.0.1-8080.md",
      "stream-end-twice--127.0.0.1-8080.md",
      "server-survives-died--127.0.0.1-8001.md",
      "usage-null-before-absent-warn--127.0.0.1-8080.md",
    ]
  `);
});

test('what the maintainers call intended has none', () => {
  const lowered = { reason: 'on purpose', link: 'https://example.org/intended' };
  const results = [
    sampleResult('usage-last', 'chat/stream/asked/text', { verdict: 'warn', observed: 'early', lowered }),
  ];
  expect(ticketsOf(sampleReport([sampleServer({ results })]), context)).toEqual([]);
});

test('a name does not hang on what else was found', () => {
  const evidence = { frames: [], curl: '' };
  const usage = sampleResult('usage-present', 'chat/stream/asked/text', {
    ...{ verdict: 'fail', observed: 'absent', evidence },
  });
  const other = sampleResult('stream-end', 'chat/stream/asked/text', { verdict: 'fail', observed: 'twice' });
  const names = (...results: (typeof usage)[]) =>
    ticketsOf(sampleReport([sampleServer({ results })]), context).map(({ file }) => file);
  expect(names(other, usage)).toContain(names(usage)[0]);
});

test('it tells what came, what is expected, how often, and how to see it again', () => {
  const ticket = ticketsOf(fourServers(), context).find(({ file }) =>
    file.startsWith('usage-present-absent'),
  );
  expect(ticket?.text).toMatchInlineSnapshot(`
    "# llama-cpp-python 0.2.84: usage-present broken (absent)

    - Product and version: llama-cpp-python 0.2.84, told by \`owned_by of /v1/models\`
    - Rule: usage-present, a MUST
    - Model: stories260K
    - How often: in 14 of 14 judged cases; asked again, it came again
    - Where: \`chat/stream/asked/{text,short,natural,stop,grow-20,utf8,tools-called}\`, \`completions/stream/asked/{text,short,natural,stop,grow-20,utf8,tools-called}\`
    - In the whole run this server failed 2 rules in 15 cases
    - Found by lastchunk 0.1.0, catalogue 1, suite standard, seed 42, on 2026-01-02

    ## What came

    absent in all 14 events

    \`The stream ended without any usage although stream_options.include_usage was true.\`

    3 events in \`chat/stream/asked/text\`, with the time since the request:

    \`\`\`text
    312 ms  {"id":"chatcmpl-5d1","object":"chat.completion.chunk","created":1,"choices":[{"index":0,"delta":{"content":" once"}}]}
    1.3 s  {"id":"chatcmpl-5d1","choices":[{"index":0,"delta":{},"finish_reason":"length"}]}
    1.3 s  [DONE]
    \`\`\`

    ## What is expected

    a usage that is not null before the end of the stream

    What usage-present asks for.

    [OpenAI API reference, chat completions, \`stream_options\`](https://platform.openai.com/docs/api-reference/chat/create):

    > If set, an additional chunk will be streamed before the data: [DONE] message.

    ## What breaks downstream

    Bills are wrong.

    ## To see it again

    \`\`\`sh
    curl -sN http://127.0.0.1:8000/v1/chat/completions -H 'content-type: application/json' -d '{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"List many animals."}]}'
    \`\`\`

    Or with lastchunk:

    \`\`\`sh
    lastchunk check http://127.0.0.1:8001 --only usage-present --suite standard --seed 42
    \`\`\`

    ## What is known of it

    - No stream carries usage: the server passes over \`stream_options\` in silence.
    - Reported of 0.2.28 on 2024-01-12. \`https://github.com/abetlen/llama-cpp-python/issues/1082\`
    - In no release up to 0.3.36; the pull request is open, opened on 2024-06-25 (looked at on 2026-11-26). \`https://github.com/abetlen/llama-cpp-python/pull/1552\`
    "
  `);
});

test.each([...hostileTexts, hostile])('nothing a server says is alive in a ticket: %j', (text) => {
  for (const ticket of ticketsOf(hostileReport(text), context)) {
    expect(ticket.file).toMatch(/^[a-z0-9][a-z0-9._-]*\.md$/);
    expect(ticket.text.replaceAll('\n', '')).not.toMatch(invisible);
    const alive = ticket.text
      .replace(/^(`{3,}).*\n[\s\S]*?\n\1$/gm, '')
      .replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '')
      .replaceAll('](https://platform.openai.com/docs/api-reference/chat/create)', ']()');
    expect(alive).not.toMatch(/[<@*|]|#\d|https?:|www\.|!\[|^\s*::/m);
    const [, ...headings] = [...alive.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
    const known = ['What came', 'What is expected', 'What breaks downstream', 'To see it again'];
    expect(headings).toEqual(known.filter((heading) => headings.includes(heading)));
  }
});
