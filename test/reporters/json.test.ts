import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { renderJson } from '../../src/reporters/json.ts';
import { reportJsonSchema, reportSchema } from '../../src/reporters/report-schema.ts';
import { hostile, invisible } from './hostile.ts';
import { fourServers, sampleReport, sampleResult, sampleServer, sampleWords } from './sample-report.ts';

const schemaFile = new URL('../../docs/report.schema.json', import.meta.url);
const shipped = `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;

const validate = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(shipped));

test('docs/report.schema.json is the schema (npm test writes it anew)', () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(shipped);
});

test('a report is valid by the shipped schema and by ours, and reads back the same', () => {
  const report = fourServers();
  const read: unknown = JSON.parse(renderJson(report, { words: sampleWords }));
  expect(validate(read), JSON.stringify(validate.errors)).toBe(true);
  expect(reportSchema.parse(read)).toEqual(read);
  expect(read).toMatchObject(report);
});

test.each([
  ['a verdict that does not exist', { servers: [{ ...sampleServer(), results: [{ verdict: 'ok' }] }] }],
  ['a summary that lacks a count', { summary: { pass: 1 } }],
  ['another schema version', { schemaVersion: 2 }],
])('%s is refused by both schemas', (_name, change) => {
  const broken = { ...fourServers(), ...change };
  expect(validate(broken)).toBe(false);
  expect(reportSchema.safeParse(broken).success).toBe(false);
});

test('fields added later are kept', () => {
  const later = { ...fourServers(), later: { a: 1 } };
  expect(reportSchema.parse(JSON.parse(renderJson(later, { words: sampleWords })))).toMatchObject(later);
});

test('keys come in the order of the contract however the report was built', () => {
  const report = fourServers();
  const backwards = Object.fromEntries(Object.entries(report).reverse()) as unknown as Report;
  expect(renderJson(backwards, { words: sampleWords })).toBe(renderJson(report, { words: sampleWords }));
  expect(renderJson(report, { words: sampleWords })).toMatch(
    /^\{\n {2}"schemaVersion": 1,\n {2}"tool": \{\n {4}"name": "lastchunk",\n {4}"version": "0.1.0"\n {2}\},\n {2}"startedAt"/,
  );
});

test('hostile text survives whole but for half characters, and a terminal sees none of it', () => {
  const results = [sampleResult('usage-last', 'chat/stream/asked/text', { message: hostile })];
  const text = renderJson(sampleReport([sampleServer({ name: hostile, results })]), { words: sampleWords });
  const read = reportSchema.parse(JSON.parse(text));
  expect(read.servers[0]?.name).toBe(hostile.replace('\ud800', '\\ud800').replace('\udfff', '\\udfff'));
  // Several parsers refuse a document with half a surrogate pair in it.
  expect(text).not.toMatch(/(?<!\\)\\udfff/);
  expect(text.replaceAll('\n', '')).not.toMatch(invisible);
});
