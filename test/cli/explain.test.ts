import { expect, test } from 'vitest';
import { wordsOf } from '../../src/checks/words.ts';
import { explain } from '../../src/commands/explain.ts';
import { proseText } from '../../src/reporters/table/prose.ts';

const inAPipe = { width: 80, colour: false };
const onATerminal = { width: 80, colour: true };
const ESC = '\u001b';

test('what it means and the remedy come before the rule', () => {
  const text = explain('usage-present', inAPipe);
  const at = ['What breaks downstream', 'How to mend it', 'The rule', 'Source: '].map((heading) =>
    text.indexOf(`\n${heading}`),
  );
  expect(at).toEqual([...at].sort((a, b) => a - b));
  expect(at).not.toContain(-1);
});

test('Markdown is rendered: in a pipe without a mark of it left but code, on a terminal with colours', () => {
  const markdown = 'One *two*\nthree [four](https://example.org/a_b).\n\n- `a b`\n- **c**\n  d';
  expect(proseText(markdown, inAPipe)).toBe(
    'One two three four <https://example.org/a_b>.\n\n- `a b`\n- c d\n',
  );
  const painted = proseText(markdown, onATerminal);
  expect(painted).not.toMatch(/[*`[]\S+[*`\]]/);
  expect(painted).toContain(`${ESC}[1mtwo${ESC}[22m`);
  expect(painted).toContain(`${ESC}[36ma${ESC}[39m ${ESC}[36mb${ESC}[39m`);
  // Whole, so that a terminal finds it.
  expect(painted).toContain('https://example.org/a_b');
});

test('a page keeps within its width, links aside', () => {
  const lines = explain('usage-present', { width: 60, colour: false }).split('\n');
  expect(lines.filter((line) => line.length > 60 && !line.includes('https://'))).toEqual([]);
});

test('a case is explained: what it asks, of which suite, and what judges it', () => {
  const text = explain('chat/stream/asked/text', inAPipe);
  expect(text).toMatch(/^chat\/stream\/asked\/text: \S/);
  expect(text).toContain('POST /chat/completions');
  expect(text).toContain('from the suite smoke on; 1 request');
  expect(text).toContain('`usage-present`');
  expect(text).toContain('lastchunk check URL --only chat/stream/asked/text');
  expect(explain('chat/nonstream/-/text', inAPipe)).not.toContain('`usage-present`');
});

test.each([
  ['!*', /^`!` warning: .*\n\n`\*` accepted by the profile: /s],
  ['✗', /^`✗` fail: [^`]*$/],
  ['✗=~', /^`✗` fail: .*`=` in the baseline.*`~` intermittent/s],
  ['✗ absent 3/14', /`3\/14` so many of the cases.*`absent` is how the rule was broken/s],
  ['~', /^`~` intermittent/],
])('the mark %s is explained', (mark, says) => {
  expect(explain(mark, inAPipe)).toMatch(says);
});

test.each(['*x', 'chat/stream/asked/txt', 'x 3/14'])('%s is none', (id) => {
  expect(() => explain(id, inAPipe)).toThrow(`unknown check ${JSON.stringify(id)}`);
});

test('the words of the page are those that are kept', () => {
  expect(explain('usage-total', { width: 1000, colour: false })).toContain(wordsOf('usage-total').rule);
});
