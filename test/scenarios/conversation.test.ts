/** What conversations, results of functions and pictures look like on the wire. */
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { selectionOf } from '../../src/config/selection.ts';
import { runRecording } from '../../src/run/run-recording.ts';
import { runServer } from '../../src/run/run-server.ts';
import { recorded, removeFolders } from '../recordings/recorded.ts';
import { SETTINGS, targetAt } from '../run/settings.ts';
import { guided, when } from '../servers/conditions.ts';
import { isContent } from '../servers/edits.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { errorBody } from '../servers/plain-answer.ts';

afterAll(removeFolders);

interface Sent {
  readonly stream?: boolean;
  readonly max_tokens: number;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly tools?: readonly unknown[];
}

async function sentOf(only: readonly string[], habits: Habits = {}, catalogue?: number) {
  const server = await startServer(habits);
  const options = { ...SETTINGS, apis: ['chat'] as const, suite: 'full' as const };
  const selection = selectionOf(only, []);
  const pinned = catalogue === undefined ? {} : { catalogue };
  const { results } = await runServer(targetAt(server.url), { ...options, selection, ...pinned }).finally(
    () => server.close(),
  );
  const bodies = server.requests
    .filter(({ method, body }) => method === 'POST' && !body.startsWith('{"model": "m"'))
    .map(({ body }) => JSON.parse(body) as Sent);
  return { results, bodies };
}
const roles = ({ messages }: Sent) => messages.map(({ role }) => role[0]).join('');
const verdictsOf = (results: Awaited<ReturnType<typeof sentOf>>['results']) =>
  results.map(({ check, case: key, verdict }) => `${verdict} ${check} ${key.split('/')[1]}`);

it('a conversation is sent twice, then its last message alone, twice', async () => {
  const { bodies } = await sentOf(['chat/*/conversation']);
  const sent = bodies.filter(({ max_tokens: limit }) => limit === 8);
  expect(sent.map(roles)).toEqual(['suau', 'suau', 'u', 'u', 'suau', 'suau', 'u', 'u']);
  const [whole, , alone] = sent;
  expect(whole?.messages.at(-1)).toEqual(alone?.messages[0]);
});

it('one that is refused is sent without its system message, and is judged', async () => {
  const refuses = (status: number) =>
    when(guided, { instead: () => ({ status, body: errorBody('System role not supported') }) });
  for (const status of [400, 500]) {
    const { bodies, results } = await sentOf(['conversation-counted'], refuses(status));
    const sent = bodies.filter(({ messages }) => messages.length > 1);
    expect(sent.map(roles)).toEqual(['suau', 'uau', 'uau', 'suau', 'uau', 'uau']);
    expect(verdictsOf(results)).toEqual([
      'pass conversation-counted stream',
      'pass conversation-counted nonstream',
    ]);
  }
});

it('one that is not served at all is sent once more, and nothing is compared', async () => {
  const refuses = when((c) => roles(c.body as unknown as Sent).length > 1, {
    instead: () => ({ status: 400, body: errorBody('one message only') }),
  });
  const { bodies, results } = await sentOf(['chat/*/conversation'], refuses);
  expect(bodies.filter(({ messages }) => messages.length > 1).map(roles)).toEqual([
    'suau',
    'uau',
    'suau',
    'uau',
  ]);
  expect(new Set(results.map(({ verdict }) => verdict))).toEqual(new Set(['skip']));
});

it('the result of a function comes after its call, whose content is null', async () => {
  const { bodies, results } = await sentOf(['chat/*/tool-result']);
  const sent = bodies.filter(({ tools }) => tools !== undefined);
  expect(sent.map(roles)).toEqual(['uat', 'uat']);
  expect(sent[0]).toMatchObject({
    max_tokens: 8,
    messages: [
      { role: 'user' },
      { content: null, tool_calls: [{ type: 'function', function: { arguments: '{"city":"Paris"}' } }] },
      { role: 'tool', content: expect.stringContaining('Paris') },
    ],
    tools: [{ type: 'function' }],
  });
  expect(sent[0]).not.toHaveProperty('tool_choice');
  expect(results.filter(({ verdict }) => !['pass', 'skip'].includes(verdict))).toEqual([]);
});

it('a picture is a data URL beside the text', async () => {
  const { bodies } = await sentOf(['chat/*/image']);
  const [sent] = bodies.filter(({ max_tokens: limit }) => limit === 8);
  expect(sent?.messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: expect.any(String) },
        {
          type: 'image_url',
          image_url: { url: expect.stringMatching(/^data:image\/png;base64,iVBORw0KGgo/) },
        },
      ],
    },
  ]);
});

it('catalogue 1 sends and judges none of them', async () => {
  const { bodies, results } = await sentOf(['chat/*'], {}, 1);
  expect(bodies.filter(({ messages }) => messages.some(({ role }) => role !== 'user'))).toEqual([]);
  expect(results.filter(({ check }) => /^(finish|text)-matches|^conversation/.test(check))).toEqual([]);
});

it('a recording of all this, with what came once and what was counted wrong, is judged as its run was', async () => {
  const few: Habits = {
    mapUsage: (usage, { body }) =>
      roles(body as unknown as Sent).length > 1
        ? { ...usage, prompt_tokens: 9, total_tokens: 9 + usage.completion_tokens }
        : usage,
    mapEvents: (list, { seenInMode }) =>
      seenInMode === 0 ? list.filter((event) => !isContent(event)) : list,
  };
  const server = await startServer(few);
  onTestFinished(() => server.close());
  const { live, recording } = await recorded(targetAt(server.url), { apis: ['chat'], suite: 'full' });
  const verdicts = ({ results }: typeof live) =>
    results.map(({ check, case: key, verdict, message }) => [check, key, verdict, message]);
  expect(verdicts((await runRecording(recording)).server)).toEqual(verdicts(live));
  const warned = live.results.filter(({ verdict }) => verdict === 'warn').map(({ check }) => check);
  expect(new Set(warned)).toEqual(new Set(['conversation-counted']));
  expect(live.results.filter(({ message }) => message.startsWith('came once')).length).toBeGreaterThan(2);
});
