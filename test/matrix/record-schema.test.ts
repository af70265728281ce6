import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { faultNotesSchema, recordJsonSchema, recordSchema } from '../../src/matrix/record-schema.ts';
import { recordText } from '../../src/matrix/record-text.ts';
import { record, recordedFault, unavailable } from './records.ts';

const shipped = `${JSON.stringify(recordJsonSchema(), null, 2)}\n`;
const validate = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(shipped));

test('docs/record.schema.json is the schema (npm test writes it anew)', () => {
  expect(readFileSync(new URL('../../docs/record.schema.json', import.meta.url), 'utf8')).toBe(shipped);
});

test.each([
  ['a measured version', record('1', { faults: [recordedFault()] })],
  ['one that could not be started', unavailable('1', 'no wheel')],
])('%s is valid by the shipped schema and by ours, and reads back the same', (_, one) => {
  const read: unknown = JSON.parse(recordText(one));
  expect(validate(read), JSON.stringify(validate.errors)).toBe(true);
  expect(recordSchema.parse(read)).toEqual(one);
});

test.each([
  ['a count below zero', { results: { chat: { stream: { 'usage-once': -1 } } } }],
  ['a way of asking that there is not', { results: { chat: { twice: {} } } }],
  ['a text without end', { model: 'x'.repeat(30_000) }],
  ['no faults', { faults: undefined }],
])('%s is no record', (_, change) => {
  expect(recordSchema.safeParse({ ...record('1'), ...change }).success).toBe(false);
});

test('a note leads to the web only', () => {
  const notes = (link: string) => ({
    kind: 'lastchunk-faults',
    schemaVersion: 1,
    product: 'toy',
    faults: [{ check: 'usage-present', report: { link, title: 't', state: 'open' } }],
  });
  expect(faultNotesSchema.safeParse(notes('https://example.org/1')).success).toBe(true);
  expect(faultNotesSchema.safeParse(notes('javascript:alert(1)')).success).toBe(false);
});
