/** A stream that nobody reads: its report comes when it is thrown away. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { type UsageSource, watchUsage } from '../../src/client/index.ts';
import { chatStream } from '../watch/watched.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

it.each<[string, () => UsageSource]>([
  ['a Response', () => new Response(chatStream(['a']))],
  ['a stream', () => new ReadableStream()],
  ['an iterable', () => ({ async *[Symbol.asyncIterator]() {} })],
  ['a generator', async function* () {} as () => AsyncGenerator],
])('%s that is dropped unread was left', async (_, make) => {
  const watch = () => watchUsage(make()).report;
  let end: string | null = null;
  void watch().then((report) => {
    end = report.end;
  });
  await expect
    .poll(() => {
      collect();
      return end;
    })
    .toBe('left');
});

it('one that is still read is not dropped', async () => {
  async function* chunks() {
    for (let at = 0; at < 20; at += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: at === 19 ? 'stop' : null }] };
    }
  }
  const iterate = () => {
    const { stream, report } = watchUsage({ [Symbol.asyncIterator]: chunks });
    return { iterator: stream[Symbol.asyncIterator](), report };
  };
  const { iterator, report } = iterate();
  while (!(await iterator.next()).done) collect();
  expect((await report).end).toBe('complete');
});
