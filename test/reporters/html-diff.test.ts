import { expect, test } from 'vitest';
import { diffReports } from '../../src/judge/diff.ts';
import type { Report } from '../../src/model/report.ts';
import { renderDiffHtml } from '../../src/reporters/html/diff.ts';
import { hostile, hostileTexts, invisible } from './hostile.ts';
import {
  hostileReport,
  sampleReport,
  sampleServer,
  sampleWords,
  silentServer,
  talkingServer,
} from './sample-report.ts';

const page = (a: Report, b: Report) =>
  renderDiffHtml({ diff: diffReports(a, b, []), a, b }, { words: sampleWords });
const named = (report: Report, name: string): Report => ({
  ...report,
  servers: report.servers.map((server, i) => ({ ...server, name: i === 0 ? name : server.name })),
});
const good = named(sampleReport([talkingServer()]), 'a');
const bad = named(sampleReport([silentServer('0.2.87', 80)]), 'a');

test('what fails now comes first, with its remedy and its evidence, below the sentence on the server', () => {
  const text = page(good, bad);
  const at = [
    '<ul class="headline">',
    'Newly failing (',
    'Send the chunk.',
    '[DONE]',
    'No longer judged (',
  ].map((words) => text.indexOf(words));
  expect(at).not.toContain(-1);
  expect(at).toEqual([...at].sort((x, y) => x - y));
  expect(text).toContain('id="usage-present-absent--a"');
  expect(text).toContain('Copy request');
});

test('what is mended is listed, and where nothing changed that is said', () => {
  expect(page(bad, good)).toContain('Mended (');
  const same = named(sampleReport([sampleServer()]), 'a');
  expect(page(same, same)).toContain('Nothing changed.');
});

test.each([...hostileTexts, hostile])('a hostile text becomes no markup: %j', (text) => {
  const tagsOf = (html: string) =>
    [...html.matchAll(/<[!/a-z][^>]*>/g)].map(([tag]) => tag.replace(/="[^"]*"/g, '=""'));
  const [one, other] = [text, 'plain'].map((said) =>
    page(named(sampleReport([sampleServer()]), 'a'), named(hostileReport(said), 'a')),
  );
  expect(tagsOf(one ?? '')).toEqual(tagsOf(other ?? ''));
  expect((one ?? '').replaceAll('\n', '')).not.toMatch(invisible);
});
