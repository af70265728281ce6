// Writes the JSON Schemas in docs as the compiled sources have them; a file that says so already is left alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { baselineJsonSchema } from '../build/config/baseline-schema.js';
import { configJsonSchema } from '../build/config/schema.js';
import { reportJsonSchema } from '../build/reporters/report-schema.js';

const schemas = {
  'lastchunk-baseline': baselineJsonSchema(),
  lastchunk: configJsonSchema(),
  report: reportJsonSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`../docs/${name}.schema.json`, import.meta.url);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
