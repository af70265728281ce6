// Writes the JSON Schemas in docs as the compiled sources have them; a file that says so already is left alone.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { baselineJsonSchema } from '../build/config/baseline-schema.js';
import { configJsonSchema } from '../build/config/schema.js';
import { recordJsonSchema } from '../build/matrix/record-schema.js';
import { reportJsonSchema } from '../build/reporters/report-schema.js';

const schemas = {
  'lastchunk-baseline': baselineJsonSchema(),
  lastchunk: configJsonSchema(),
  record: recordJsonSchema(),
  report: reportJsonSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`../docs/${name}.schema.json`, import.meta.url);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
