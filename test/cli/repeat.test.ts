import { expect, onTestFinished, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { reportSchema } from '../../src/reporters/report-schema.ts';
import { folderWith } from '../config/temporary.ts';
import { startServer } from '../servers/model-server.ts';
import { lastchunk } from './child-process.ts';

test('--repeat tells how often each verdict came', async () => {
  let streams = 0;
  const server = await startServer({
    mapUsage: (usage, context) => {
      if (context.mode !== 'stream' || context.option !== 'asked' || context.limit !== 16) return usage;
      streams += 1;
      return streams === 3 ? undefined : usage;
    },
  });
  onTestFinished(() => server.close());
  const flags = [
    '--suite',
    'smoke',
    '--api',
    'chat',
    '--only',
    'usage-present',
    '--no-confirm',
    '--repeat',
    '4',
  ];
  const { code, stdout } = await lastchunk(['check', server.url, ...flags], {
    cwd: folderWith({}),
  });
  expect(code).toBe(1);
  expect(stdout).toContain('usage-present in chat/stream/asked/text: pass 3/4, fail 1/4');
  expect(stdout).toMatch(/observed +null: .*\(fail 1\/4,/);
  expect(stdout.match(/usage is null/g)).toHaveLength(1);
});

test('the report holds the counts', async () => {
  const server = await startServer();
  onTestFinished(() => server.close());
  const flags = ['--suite', 'smoke', '--only', 'usage-present', '--format', 'json', '--repeat', '2'];
  const { code, stdout } = await lastchunk(['check', server.url, ...flags], { cwd: folderWith({}) });
  expect(code).toBe(0);
  const report: Report = reportSchema.parse(JSON.parse(stdout));
  expect(report.servers[0]).toMatchObject({
    runs: 2,
    results: [{ times: { pass: 2, fail: 0 } }, {}, {}, {}],
  });
});
