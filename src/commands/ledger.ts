import type { Command } from 'commander';
import { apis } from '../apis/index.ts';
import { ledgerFiles, readLedgerFile } from '../ledger/read.ts';
import { type LedgerFormat, ledgerFormats, shown } from '../ledger/show.ts';
import { type Grouping, groupings, LedgerTotals, type Tokens } from '../ledger/totals.ts';
import { EXIT, UsageError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { Action } from './support/action.ts';
import { codeOf, complain } from './support/complain.ts';

interface LedgerFlags {
  readonly since?: string;
  readonly by?: string;
  readonly format: string;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A date, a time, or so long ago. @returns ISO 8601, as rows have it @throws UsageError */
function sinceWhen(text: string): string {
  const [, number, unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const time = number === undefined ? Date.parse(text) : Date.now() - Number(number) * (UNITS[unit] ?? 0);
  if (Number.isNaN(time) || Math.abs(time) > 8.64e15)
    throw new UsageError(`--since ${JSON.stringify(text)}: write a date, a time (ISO 8601), or 24h, 7d`);
  return new Date(time).toISOString();
}

/** @throws UsageError */
function oneOf<T extends string>(value: string, flag: string, all: readonly T[]): T {
  const found = all.find((one) => one === value);
  if (found === undefined) throw new UsageError(`${flag} ${JSON.stringify(value)}: write ${all.join(', ')}`);
  return found;
}

function tokensIn(id: string, usage: JsonObject): Tokens {
  const api = [...apis.values()].find((one) => one.id === id);
  const { prompt, completion, total } = api?.readUsage(usage) ?? {};
  return { prompt: count(prompt), completion: count(completion), total: count(total) };
}

/** What is no count adds nothing. */
const count = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;

/** Sums up a ledger. @throws UsageError */
async function ledger(folder: string, flags: LedgerFlags): Promise<number> {
  const since = flags.since === undefined ? '' : sinceWhen(flags.since);
  const by: Grouping | null = flags.by === undefined ? null : oneOf(flags.by, '--by', groupings);
  const format: LedgerFormat = oneOf(flags.format, '--format', ledgerFormats);
  const totals = new LedgerTotals(by, tokensIn);
  let unreadable = 0;
  const reading = {
    row(row: JsonObject) {
      if (typeof row.time === 'string' && row.time >= since) totals.add(row);
    },
    unreadable() {
      unreadable += 1;
    },
  };
  try {
    for (const file of ledgerFiles(folder)) await readLedgerFile(file, reading);
  } catch (error) {
    throw new UsageError(`${folder} can't be read (${codeOf(error)}); name the folder of a ledger`);
  }
  process.stdout.write(shown(totals, by, format));
  if (unreadable > 0)
    complain(`${unreadable} ${unreadable === 1 ? 'line is' : 'lines are'} no row, and not counted`);
  return EXIT.ok;
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('<dir>', 'the folder that the proxy writes to')
    .option('--since <time>', 'a date, a time, or so long ago: 24h, 7d')
    .option('--by <what>', 'model, tenant or day')
    .option('--format <format>', 'table, json or csv', 'table');
  return () => ledger(command.args[0] ?? '', command.opts<LedgerFlags>());
}
