/** Outside of src/apis nothing speaks the language of one API: what is asked are facts that every API has. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apis } from '../../src/apis/index.ts';
import { apiIds } from '../../src/model/api.ts';

const SRC = new URL('../../src/', import.meta.url);
/** Files that may, each with why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'model/api.ts': 'the contract: it lists the ids, and explains itself by examples',
  'checks/support/usage-option.ts': 'how usage is asked for is an option of OpenAI’s',
  'checks/stream-options-accepted.ts': 'the same',
  'ledger/row.ts': 'the name of a field of its own: responseId',
  'proxy/observation.ts': 'the same',
  'client/report.ts': 'what programs read: it is written in OpenAI’s words',
};

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Names of fields, end markers, object names: whatever no English sentence holds. */
const words = [...apis.values()].flatMap(({ terms, fields, vocabulary, endpoint }) => [
  ...[...vocabulary.split(' '), terms.finish, ...Object.values(terms.asks)],
  ...Object.values(fields).flat(),
  ...Object.keys(endpoint.headers ?? {}),
]);
const unmistakable = [...new Set(words)].filter((word) => /[_[]|[a-z][A-Z]|^\w+\.\w+|-version$/.test(word));
const fieldNames = new RegExp(`(?<![\\w-])(?:${unmistakable.map(escaped).join('|')})(?![\\w-])`);
/** As a value: ids of APIs, and what a finish is called that means the limit. */
const values = new RegExp(`'(?:${[...apiIds, 'length'].map(escaped).join('|')})'`);
/** Paths of endpoints. */
const paths = new RegExp(
  [...apis.values()].map(({ endpoint }) => `${escaped(endpoint.path)}(?![\\w-])`).join('|'),
);

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('apis/'))
  // A tokenizer is a library: what it knows of chats are its own words.
  .filter((path) => !path.startsWith('tokenizer/'))
  // A product's file speaks of its own endpoints.
  .filter((path) => !path.startsWith('products/'));

/** "file:line: what stands there" */
function spoken(path: string): readonly string[] {
  const text = readFileSync(new URL(path, SRC), 'utf8');
  return text.split('\n').flatMap((line, at) => {
    const found = [fieldNames, paths, values].some((pattern) => pattern.test(line));
    return found ? [`${path}:${at + 1}: ${line.trim()}`] : [];
  });
}

it.each(sources.filter((path) => !(path in EXCEPTIONS)))('%s names no API and none of its fields', (path) => {
  expect(spoken(path)).toEqual([]);
});

it('no exception is left that is none', () => {
  expect(Object.keys(EXCEPTIONS).filter((path) => spoken(path).length === 0)).toEqual([]);
});
