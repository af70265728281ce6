/** How a finding says in which measured versions of the product it is. */
import { expect, it } from 'vitest';
import type { ReportContext } from '../../src/reporters/index.ts';
import { loadReporter } from '../../src/reporters/index.ts';
import type { MeasuredIn } from '../../src/reporters/shared/measured.ts';
import { sampleOrder, sampleReport, sampleWords, silentServer } from './sample-report.ts';

const run = (from: string, to: string, versions: number) => ({ from, to, versions });
const subject = {
  product: 'llama-cpp-python',
  launched: 'llama-cpp-python',
  versions: ['0.1', '0.2', '0.3', '0.4'],
  faults: [],
};
const fault = {
  check: 'usage-present',
  class: 'absent',
  apis: ['chat'],
  fails: [run('0.1', '0.2', 2)],
  holds: [run('0.3', '0.4', 2)],
};
const measured: MeasuredIn = (product, { check }) =>
  product === 'llama-cpp-python' && check === 'usage-present' ? [{ subject, fault }] : [];

const context: ReportContext = {
  width: 80,
  colour: false,
  words: sampleWords,
  order: sampleOrder,
  measured,
};
const report = sampleReport([silentServer('0.2.84', 8001), silentServer('0.2.87', 8002)]);
const SAID = 'llama-cpp-python: fails up to 0.2 (2 versions); holds from 0.3 on (2 versions).';

it.each(['table', 'markdown', 'html'] as const)(
  '%s says it once for all versions of the product',
  async (format) => {
    const text = (await loadReporter(format))(report, context).replace(/\n +/g, ' ').replaceAll('`', '');
    expect(text.split(SAID)).toHaveLength(2);
  },
);

it('json has it for each server, as data', async () => {
  const { servers } = JSON.parse((await loadReporter('json'))(report, context)) as {
    readonly servers: readonly { readonly measured: unknown }[];
  };
  expect(servers.map((server) => server.measured)).toEqual(
    servers.map(() => [{ launched: 'llama-cpp-python', ...fault }]),
  );
});

it('says nothing where no version was measured', async () => {
  const text = (await loadReporter('table'))(report, { ...context, measured: () => [] });
  expect(text).not.toContain('measured');
});
