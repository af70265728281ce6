import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { selectionOf } from '../../src/config/selection.ts';
import { checkServers } from '../../src/run/run.ts';
import { startServer } from '../servers/model-server.ts';
import { SETTINGS } from './settings.ts';

test('a dozen servers at once: no warning of the runtime, and every failure with what was answered', async () => {
  const warnings: string[] = [];
  const warned = (warning: Error) => void warnings.push(warning.message);
  process.on('warning', warned);
  const { url, close } = await startServer({ mapUsage: () => undefined });
  onTestFinished(async () => {
    process.off('warning', warned);
    await close();
  });
  const target = { url, model: null, headers: {}, label: null, profile: null };
  const report = await checkServers(
    Array.from({ length: 12 }, (_, i) => ({ ...target, name: `s${i}` })),
    {
      ...SETTINGS,
      apis: ['chat'],
      selection: selectionOf(['usage-present', 'nonstream-usage', '*/text'], []),
      confirm: false,
    },
  );
  // Warnings come in a tick of their own.
  await setTimeout(0);
  expect(warnings).toEqual([]);
  const fails = report.servers.flatMap(({ results }) => results.filter(({ verdict }) => verdict === 'fail'));
  expect(fails).toHaveLength(24);
  for (const { check, evidence } of fails) {
    const last = evidence?.frames.at(-1)?.data;
    if (check === 'nonstream-usage')
      expect(JSON.parse(last ?? '')).toMatchObject({ object: 'chat.completion' });
    else expect(last).toBe('[DONE]');
  }
});
