import { expect, it } from 'vitest';
import { renderTerminal } from '../../src/reporters/table/terminal.ts';
import { tried } from '../servers/tried.ts';

it('a server that was given up is told so once', async () => {
  const report = await tried({ instead: () => 'hang' }, { suite: 'smoke', timeoutMs: 300 });
  const text = renderTerminal(report, { colour: false, width: 1000, words: () => undefined });
  expect(text).toContain('was given up: 2 requests in a row were left unanswered');
  expect(text.split('given up')).toHaveLength(2);
});
