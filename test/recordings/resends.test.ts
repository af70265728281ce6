/** A run that sent requests again is judged from its recording as it was. */
import { afterAll, expect, it } from 'vitest';
import { runRecording } from '../../src/run/run-recording.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { errorBody } from '../servers/plain-answer.ts';
import { recorded, removeFolders } from './recorded.ts';

afterAll(removeFolders);

it.each<[string, Habits]>([
  [
    'larger limits and warm twins',
    {
      instead: (c) => (c.limit < 16 ? { status: 400, body: errorBody('expected a value >= 16') } : undefined),
      // Cached answers cost nothing.
      mapUsage: (usage, c) => (c.seenInMode > 2 ? { ...usage, completion_tokens: 0 } : usage),
    },
  ],
  ['a hang where usage is asked for', { instead: (c) => (c.option === 'asked' ? 'hang' : undefined) }],
])('%s are found again in a recording', async (_what, habits) => {
  const server = await startServer(habits);
  try {
    const target = { name: 'toy', url: server.url, model: null, headers: {}, label: null, profile: null };
    const { live, recording } = await recorded(target, { suite: 'standard', timeoutMs: 2000 });
    expect(recording.head.resends).toBe(true);
    const { server: again } = await runRecording(recording);
    const verdicts = ({ results }: typeof live) =>
      results.map(({ check, case: key, verdict, message }) => [check, key, verdict, message]);
    expect(verdicts(again)).toEqual(verdicts(live));
    expect(again.notes).toEqual(live.notes);
    expect(again.requests).toBe(live.requests);
  } finally {
    await server.close();
  }
});
