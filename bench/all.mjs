/**
 * Every benchmark in one run, each against a named baseline measured in the same run. Ratios, since absolute times say
 * more about the machine; only what a person waits for at the start is seconds over the baseline. Nothing fails here; `over` is
 * for reading. Arguments choose benchmarks by their names' start.
 */
import Table from 'cli-table3';
import { cpuPerChunk } from './cpu-per-chunk.mjs';
import { flatMemory } from './flat-memory.mjs';
import { proxy } from './proxy.mjs';
import { startUp } from './start-up.mjs';
import { tokenizer } from './tokenizer.mjs';
import { wallTime } from './wall-time.mjs';
import { watchUsageCost } from './watch-usage.mjs';

/** Each gives one or several rows { name, measured, baseline, ratio, unit, target }; without a unit the ratio is one. */
const BENCHMARKS = {
  'wall-time': wallTime,
  'cpu-per-chunk': cpuPerChunk,
  'flat-memory': flatMemory,
  'start-up': startUp,
  tokenizer,
  proxy,
  'watch-usage': watchUsageCost,
};

const wanted = process.argv.slice(2);
const table = new Table({
  head: ['benchmark', 'measured', 'baseline', 'ratio', 'target', ''],
  style: { head: [], border: [] },
});
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (wanted.length > 0 && !wanted.some((start) => name.startsWith(start))) continue;
  try {
    for (const { name: title, measured, baseline, ratio, unit = '', target } of [await run()].flat()) {
      table.push([
        title,
        measured,
        baseline,
        `${ratio.toFixed(2)}${unit}`,
        `≤ ${target}${unit}`,
        ratio <= target ? 'ok' : 'over',
      ]);
    }
  } catch (error) {
    table.push([name, '–', '–', '–', '–', `could not be measured: ${error.message}`]);
  }
}
console.log(table.toString());
