/** When a server is asked what it is, and when it is asked again. */
import { expect, it } from 'vitest';
import type { OwnAnswer } from '../../src/proxy/ask.ts';
import { Behind } from '../../src/proxy/behind.ts';
import { parseTarget, rootOf, targetPath } from '../../src/proxy/target.ts';
import { Turns } from '../../src/proxy/turns.ts';

const NEVER = new AbortController().signal;
const described = (title: string): OwnAnswer => ({
  status: 200,
  bytes: Buffer.from(JSON.stringify({ info: { title, version: '0.3.36' } })),
});
const KNOWN = described('🦙 llama.cpp Python API');
const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
const status = (code: number): OwnAnswer => ({ status: code, bytes: Buffer.from('{}') });

/** Answers in this order, the last one again and again. */
function behind(...answers: ReadonlyArray<OwnAnswer | Error>) {
  const seen = { looks: 0, settled: [] as Array<string | undefined>, now: 0 };
  const ask = async () => {
    const answer = answers[Math.min(seen.looks, answers.length - 1)];
    seen.looks += 1;
    if (answer === undefined || answer instanceof Error) throw answer;
    return answer;
  };
  const onSettled = (product: { id: string } | null) => seen.settled.push(product?.id);
  return { seen, it: new Behind(null, ask, onSettled, () => seen.now) };
}

it.each<[string, OwnAnswer, string | undefined]>([
  ['it names itself', KNOWN, 'llama-cpp-python'],
  ['it is another product', described('FastAPI'), undefined],
  ['there is no description', status(404), undefined],
  ['the description is none', { status: 200, bytes: Buffer.from('[') }, undefined],
])('asks once where %s', async (_, answer, id) => {
  const { seen, it } = behind(answer);
  await Promise.all([it.settle(), it.settle()]);
  seen.now = 1e9;
  await it.settle();
  expect(it.product?.id).toBe(id);
  expect(seen).toMatchObject({ looks: 1, settled: [id] });
});

it('asks with each request as long as nobody listens', async () => {
  const { seen, it } = behind(...Array.from({ length: 20 }, () => refused), KNOWN);
  for (let look = 0; look < 21; look += 1) await it.settle();
  expect(it.product?.id).toBe('llama-cpp-python');
  expect(seen.settled).toEqual(['llama-cpp-python']);
});

it.each([
  ['it says nothing', new Error('silent')],
  ['it is not ready', status(503)],
  ['it wants a key', status(401)],
])('where %s it is asked again after a pause, and not for ever', async (_, answer) => {
  const { seen, it } = behind(answer);
  await it.settle();
  await it.settle();
  expect(seen.looks).toBe(1);
  for (let request = 0; request < 20; request += 1) {
    seen.now += 60_000;
    await it.settle();
  }
  expect(seen).toMatchObject({ looks: 5, settled: [undefined] });
});

it('asks again only while nothing is under way', async () => {
  const { seen, it } = behind(status(503), KNOWN);
  const turns = new Turns(it);
  const endFirst = await turns.turn(NEVER);
  seen.now = 60_000;
  const endSecond = await turns.turn(NEVER);
  expect(seen.looks).toBe(1);
  endFirst();
  endSecond();
  endSecond();
  const endThird = await turns.turn(NEVER);
  expect(seen.looks).toBe(2);
  // From now on they go one at a time.
  const fourth = turns.turn(NEVER);
  expect(await Promise.race([fourth.then(() => 'its turn'), Promise.resolve('waits')])).toBe('waits');
  endThird();
  (await fourth)();
});

it.each([
  ['http://a:1/v1', '/openapi.json'],
  ['http://a:1/x/v1/', '/x/openapi.json'],
  ['http://a:1/x', '/x/openapi.json'],
])('the root of %s', (target, path) => {
  expect(targetPath(rootOf(parseTarget(target)), '/openapi.json')).toBe(path);
});
