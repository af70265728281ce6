import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePage, wordsOf } from '../../src/checks/words.ts';

const PAGE = `---
id: usage-once
level: MUST
modes: [stream]
catalogue: 1
title: Usage comes once
concerns: place
fault: usage more than once
rule: "Exactly one chunk: no more."
needs: [usage-present]
source:
  title: A reference
  url: https://example.invalid/
  says: "One."
---

## The rule

At length, with a
### heading inside.

## What breaks downstream

Sums.

## How to mend it

- Send it once.
`;

describe('a page', () => {
  it('is read into words', () => {
    const words = {
      id: 'usage-once',
      level: 'MUST',
      title: 'Usage comes once',
      concerns: 'place',
      fault: 'usage more than once',
      rule: 'Exactly one chunk: no more.',
      source: { title: 'A reference', url: 'https://example.invalid/', says: 'One.' },
      detail: 'At length, with a\n### heading inside.',
      harm: 'Sums.',
      remedy: '- Send it once.',
    };
    expect(parsePage('usage-once', PAGE)).toEqual(words);
    expect(parsePage('usage-once', PAGE.replaceAll('\n', '\r\n'))).toEqual(words);
  });

  it('may have a source without an address', () => {
    const { source } = parsePage('usage-once', PAGE.replace(/ {2}url: .*\n/, ''));
    expect(source).toEqual({ title: 'A reference', says: 'One.' });
  });

  it.each([
    ['no front matter', 'text', 'has no front matter'],
    ['broken front matter', '---\na: [\n---\n', 'no YAML'],
    ['a list for front matter', '---\n- a\n---\n', 'no mapping'],
    ['another id', PAGE.replace('id: usage-once', 'id: usage-last'), 'its id and its name differ'],
    ['a level of its own', PAGE.replace('MUST', 'MAY'), 'MUST or SHOULD'],
    ['a concern of its own', PAGE.replace('place', 'price'), 'presence, numbers, place, rest'],
    ['no fault', PAGE.replace(/fault: .*\n/, ''), '"fault" is missing'],
    ['no rule', PAGE.replace(/rule: .*\n/, ''), '"rule" is missing'],
    ['no source', PAGE.replace(/source:\n( {2}.*\n)+/, ''), '"source" is missing'],
    ['a section missing', PAGE.replace('## How to mend it', '## Mending'), '"## How to mend it" is missing'],
    ['a section empty', PAGE.replace('Sums.', ''), '"## What breaks downstream" is missing or empty'],
  ])('is refused with %s, naming the file', (_, page, message) => {
    expect(() => parsePage('usage-once', page)).toThrow(message);
    expect(() => parsePage('usage-once', page)).toThrow('docs/checks/usage-once.md');
  });
});

describe('the pages of the package', () => {
  it('that is missing is named', () => {
    expect(() => wordsOf('no-such-check')).toThrow('docs/checks/no-such-check.md');
  });

  it.each(['../README', 'a/b', '', 'Usage-Once', 'README', 'x\u0000'])(
    '%j is no way to another file',
    (id) => {
      expect(() => wordsOf(id)).toThrow('not the id of a check');
    },
  );

  const pages = readdirSync(new URL('../../docs/checks/', import.meta.url))
    .filter((file) => /^[a-z-]+\.md$/.test(file))
    .map((file) => file.slice(0, -'.md'.length));
  it.each(pages)('%s is complete', (id) => {
    expect(wordsOf(id).id).toBe(id);
    expect(wordsOf(id)).toBe(wordsOf(id));
  });
});
