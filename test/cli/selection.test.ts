/** What is sent, and what of it is shown. */
import { expect, it } from 'vitest';
import { NEWEST_CATALOGUE } from '../../src/checks/catalogue.ts';
import { collectList } from '../../src/commands/support/collect.ts';
import { selectionOf } from '../../src/config/selection.ts';
import { changed, events, isUsage } from '../servers/edits.ts';
import { lastchunk, reportOf, serving } from './lastchunk.ts';

const generations = (requests: ReadonlyArray<{ path: string; body: string }>) =>
  requests.filter(({ path }) => path.endsWith('/completions'));
const without = events((list) => list.filter((event) => !isUsage(event)));

it('--api sends to that API alone', async () => {
  const server = await serving();
  const ended = await lastchunk([
    'check',
    server.url,
    '--api',
    'completions',
    '--suite',
    'smoke',
    '--format',
    'json',
  ]);
  expect(ended.code).toBe(0);
  expect(new Set(generations(server.requests).map(({ path }) => path))).toEqual(new Set(['/v1/completions']));
  expect(new Set(reportOf(ended).servers[0]?.results.map(({ api }) => api))).toEqual(
    new Set(['completions']),
  );
});

it('--only sends fewer requests and shows what was named', async () => {
  const [all, some] = [await serving(), await serving()];
  await lastchunk(['check', all.url, '--format', 'json']);
  const ended = await lastchunk(['check', some.url, '--only', 'prompt-stable', '--format', 'json']);
  expect(generations(some.requests).length).toBeLessThan(generations(all.requests).length / 3);
  expect(new Set(reportOf(ended).servers[0]?.results.map(({ check }) => check))).toEqual(
    new Set(['prompt-stable']),
  );
  expect(reportOf(ended).summary).toMatchObject({ pass: 4, fail: 0, skip: 0 });
  expect(ended.code).toBe(0);
});

it('a check is judged by what it needs, shown or not', async () => {
  const partial = await serving(
    events(changed(isUsage, () => ({ usage: { prompt_tokens: 5, completion_tokens: 8 } }))),
  );
  const ended = await lastchunk([
    'check',
    partial.url,
    '--only',
    'usage-total',
    '--suite',
    'smoke',
    '--format',
    'json',
  ]);
  const results = reportOf(ended).servers[0]?.results ?? [];
  expect(results.every(({ verdict }) => verdict === 'skip')).toBe(true);
  expect(results[0]?.message).toContain('usage-complete');
});

it('--only with a case, --skip with a check', async () => {
  const server = await serving();
  const flags = ['--only', 'chat/stream/asked/{text,short}', '--skip', 'usage-*', '--format', 'json'];
  const results = reportOf(await lastchunk(['check', server.url, ...flags])).servers[0]?.results ?? [];
  expect(new Set(results.map((result) => result.case))).toEqual(
    new Set(['chat/stream/asked/text', 'chat/stream/asked/short']),
  );
  expect(results.some(({ check }) => check.startsWith('usage-'))).toBe(false);
});

it('several in one flag, with commas between', () => {
  const both = collectList('usage-present, chat/{stream,nonstream}/*/text', ['finish-once']);
  expect(both).toEqual(['finish-once', 'usage-present', 'chat/{stream,nonstream}/*/text']);
  expect(() => selectionOf(collectList('usage-present,', undefined), [])).toThrow(
    '--only names an empty pattern; leave it out',
  );
});

it('what is not shown is not asked again', async () => {
  const count = async (...flags: string[]) => {
    const server = await serving(without);
    await lastchunk(['check', server.url, '--suite', 'smoke', ...flags]);
    return generations(server.requests).length;
  };
  const once = await count('--no-confirm');
  expect(await count('--only', 'finish-once')).toBe(once);
  expect(await count()).toBeGreaterThan(once);
});

it('--seed: the same seed, the same requests', async () => {
  const bodies = async (seed: string) => {
    const server = await serving();
    const flags = ['--suite', 'smoke', '--only', 'chat/*/*/*', '--seed', seed, '--format', 'json'];
    const { stdout } = await lastchunk(['check', server.url, ...flags]);
    expect(JSON.parse(stdout)).toMatchObject({ seed: Number(seed) });
    return generations(server.requests)
      .map(({ body }) => body)
      .sort();
  };
  const first = await bodies('7');
  expect(await bodies('7')).toEqual(first);
  expect(await bodies('8')).not.toEqual(first);
});

it('--concurrency sends side by side', async () => {
  let most = 0;
  const server = await serving({
    delay: (c) => {
      if (c.body.max_tokens === 16) most = Math.max(most, c.together);
      return 20;
    },
  });
  const { code } = await lastchunk(['check', server.url, '--suite', 'smoke', '--concurrency', '4']);
  expect(most).toBe(4);
  expect(code).toBe(0);
});

it('--dry-run sends nothing and counts what a run sends', async () => {
  const server = await serving();
  const flags = ['--suite', 'full', '--api', 'chat', '--api', 'completions'];
  const dry = await lastchunk(['check', server.url, ...flags, '--dry-run']);
  expect(dry.code).toBe(0);
  expect(dry.stdout).toMatch(/holds where the server heeds its limits.*1,969 tokens for a limit of 8/);
  expect(server.requests).toEqual([]);
  const told = Number(/1 server: (\d+) requests/.exec(dry.stdout)?.[1]);
  const generated = Number(/and ([\d,]+) generated/.exec(dry.stdout)?.[1]?.replace(',', ''));
  await lastchunk(['check', server.url, ...flags, '--no-confirm']);
  const sent = generations(server.requests);
  expect(sent.length).toBe(told);
  const limits = sent.map(({ body }) => {
    const { max_tokens, max_completion_tokens, n } = body.endsWith('}') ? JSON.parse(body) : {};
    return (max_tokens ?? max_completion_tokens ?? 0) * (n ?? 1);
  });
  const most = limits.reduce((sum, limit) => sum + limit, 0);
  expect(generated).toBeGreaterThanOrEqual(most);
  expect(generated).toBeLessThan(most * 1.1);
});

it.each([['7'], ['0'], ['first']])('--catalogue %s is refused, and the newest named', async (number) => {
  for (const args of [
    ['check', 'http://127.0.0.1:1'],
    ['list', 'checks'],
  ]) {
    const ended = await lastchunk([...args, '--catalogue', number]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(`--catalogue "${number}": there is no such catalogue`);
    expect(ended.stderr).toContain(`${NEWEST_CATALOGUE}, the newest`);
  }
});

it('a report says which catalogue was run', async () => {
  const { url } = await serving();
  const smoke = ['check', url, '--suite', 'smoke', '--only', 'usage-present', '--format', 'json'];
  expect(reportOf(await lastchunk([...smoke, '--catalogue', '1'])).catalogue).toBe(1);
  expect(reportOf(await lastchunk(smoke)).catalogue).toBe(NEWEST_CATALOGUE);
});
