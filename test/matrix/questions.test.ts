import { expect, test } from 'vitest';
import { checkIds } from '../../src/checks/catalogue.ts';
import { questionOf, questions } from '../../src/matrix/questions.ts';

test('each check of the catalogue answers one question', () => {
  const asked = questions.flatMap(({ checks }) => checks);
  expect([...asked].sort()).toEqual([...checkIds].sort());
});

test('questions have words and ids of their own', () => {
  expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
  expect(new Set(questions.map(({ words }) => words)).size).toBe(questions.length);
});

test('what is asked with tools is a question of its own, where it is about counts', () => {
  expect(questionOf('usage-present', 'stream')).toBe('asked');
  expect(questionOf('usage-present', 'stream-tools')).toBe('tools');
  expect(questionOf('usage-once', 'stream-tools')).toBe('place');
  expect(questionOf('of-another-version', 'stream')).toBeUndefined();
});
