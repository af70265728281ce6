import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isJsonObject } from '../../src/model/json.ts';
import { visitMembers, type WrittenMember } from '../../src/text/json-members.ts';

function membersOf(text: string, enters: (path: readonly string[]) => boolean = () => true) {
  const found: WrittenMember[] = [];
  visitMembers(text, enters, (member) => found.push(member));
  return found;
}

const repeatedIn = (text: string) =>
  membersOf(text).flatMap(({ path, repeated }) => (repeated ? [path.join('/')] : []));

it('numbers come as they are written', () => {
  const text = '{ "a":12.0 ,"b" : -1e5\n, "c":{"d":0,"e":"1.0"},"f":[2.0],"g":true,"h":null}';
  const numbers = membersOf(text).flatMap(({ path, number }) =>
    number === '' ? [] : [[path.join('/'), number]],
  );
  expect(numbers).toEqual([
    ['a', '12.0'],
    ['b', '-1e5'],
    ['c/d', '0'],
  ]);
});

it.each([
  ['{"a":1,"a":2}', ['a']],
  ['{"a":1,"b":{"a":1},"c":[{"a":1,"a":2}]}', []],
  ['{"a":{"b":1,"b":2},"a":{"b":1}}', ['a/b', 'a']],
  ['{"\\u0061":1,"a":2,"\\u0061\\n":3}', ['a']],
  ['{"a\\"":1,"a":2,"a\\\\":3,"a\\\\\\"":4}', []],
  ['{"":1,"":2}', ['']],
  ['{"__proto__":1,"toString":2,"__proto__":3}', ['__proto__']],
  ['{"a":"}\\\\","b":"{\\"a\\":1,","a":0}', ['a']],
  ['{}', []],
  ['  [{"a":1,"a":2}]', []],
  ['"a"', []],
  ['', []],
] as const)('keys that stand twice in %s', (text, keys) => {
  expect(repeatedIn(text)).toEqual(keys);
});

it('only objects that are named are looked into', () => {
  const text = '{"a":{"b":{"c":1}},"d":{"e":1}}';
  const paths = membersOf(text, (path) => path[0] === 'a').map(({ path }) => path.join('/'));
  expect(paths).toEqual(['a/b/c', 'a/b', 'a', 'd']);
});

it('whatever JSON.parse takes is walked through as it is', () => {
  const pathsOf = (value: unknown, above: readonly string[]): readonly string[] =>
    isJsonObject(value)
      ? Object.entries(value).flatMap(([key, inner]) => [
          ...pathsOf(inner, [...above, key]),
          JSON.stringify([...above, key]),
        ])
      : [];
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, '\t'), (object, blanks) => {
      const text = JSON.stringify(object, null, blanks);
      const found = membersOf(text);
      expect(found.map(({ path }) => JSON.stringify(path))).toEqual(pathsOf(JSON.parse(text), []));
      expect(found.filter(({ repeated }) => repeated)).toEqual([]);
    }),
  );
});

it('a megabyte of escapes, of keys, or of levels takes no time', () => {
  const started = performance.now();
  expect(membersOf(`{"a":"${'\\\\'.repeat(500_000)}\\"","b":1.0}`).at(-1)?.number).toBe('1.0');
  expect(repeatedIn(`{${'"a":1,'.repeat(150_000)}"b":1}`)).toHaveLength(149_999);
  expect(membersOf(`{"a":${'['.repeat(500_000)}${']'.repeat(500_000)},"b":1}`)).toHaveLength(2);
  expect(performance.now() - started).toBeLessThan(3000);
});
