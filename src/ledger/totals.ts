/** Sums over rows, by what they are grouped. Pure, but for what it holds. */
import { isJsonObject, type JsonObject } from '../model/json.ts';

export const groupings = ['model', 'tenant', 'day'] as const;
export type Grouping = (typeof groupings)[number];

export interface Tokens {
  prompt: number;
  completion: number;
  total: number;
}

export interface GroupTotals {
  requests: number;
  streams: number;
  /** Of answers with a status of 2xx, those of which the server said no usage. */
  withoutUsage: number;
  readonly reported: Tokens;
  /** Counts that are proven. */
  readonly counted: Tokens;
  readonly estimated: Tokens;
  /** Faults by the id of the check. */
  readonly problems: Map<string, number>;
  /** How answers ended. */
  readonly ends: Map<string, number>;
}

/** More names than these are one group: they come from clients. */
const MOST_GROUPS = 10_000;
const MOST_NAMES = 200;
const OTHER = '_other';
const NONE = '_none';

const nothing = (): Tokens => ({ prompt: 0, completion: 0, total: 0 });

const emptyTotals = (): GroupTotals => ({
  requests: 0,
  streams: 0,
  withoutUsage: 0,
  reported: nothing(),
  counted: nothing(),
  estimated: nothing(),
  problems: new Map(),
  ends: new Map(),
});

/** What a usage says in numbers; null where it is none. */
export type ReadTokens = (api: string, usage: JsonObject) => Tokens;

export class LedgerTotals {
  readonly #by: Grouping | null;
  readonly #read: ReadTokens;
  readonly #groups = new Map<string, GroupTotals>();
  readonly all: GroupTotals = emptyTotals();

  /** @param by null: there are totals alone */
  constructor(by: Grouping | null, read: ReadTokens) {
    this.#by = by;
    this.#read = read;
  }

  add(row: JsonObject): void {
    this.#addTo(this.all, row);
    if (this.#by !== null) this.#addTo(this.#groupOf(keyOf(row, this.#by)), row);
  }

  /** The largest first; days in their order. */
  get groups(): ReadonlyArray<readonly [name: string, totals: GroupTotals]> {
    const groups = [...this.#groups];
    if (this.#by === 'day') return groups.sort(([a], [b]) => (a < b ? -1 : 1));
    return groups.sort(([, a], [, b]) => b.requests - a.requests);
  }

  #groupOf(name: string): GroupTotals {
    const key = this.#groups.has(name) || this.#groups.size < MOST_GROUPS ? name : OTHER;
    const group = this.#groups.get(key) ?? emptyTotals();
    this.#groups.set(key, group);
    return group;
  }

  #addTo(totals: GroupTotals, row: JsonObject): void {
    const { api, status, reported, counted, problems, end } = row;
    totals.requests += 1;
    if (row.stream === true) totals.streams += 1;
    const answered = typeof status === 'number' && status >= 200 && status < 300;
    const read = (usage: JsonObject) => this.#read(typeof api === 'string' ? api : '', usage);
    if (isJsonObject(reported)) addTokens(totals.reported, read(reported));
    else if (answered) totals.withoutUsage += 1;
    if (isJsonObject(counted))
      addTokens(counted.exact === true ? totals.counted : totals.estimated, read(counted));
    for (const id of Array.isArray(problems) ? problems : []) addOne(totals.problems, id);
    addOne(totals.ends, end);
  }
}

function keyOf(row: JsonObject, by: Grouping): string {
  const value = by === 'day' ? String(row.time).slice(0, 10) : row[by];
  return typeof value === 'string' && value !== '' ? value : NONE;
}

function addTokens(sum: Tokens, more: Tokens): void {
  sum.prompt += more.prompt;
  sum.completion += more.completion;
  sum.total += more.total;
}

function addOne(counts: Map<string, number>, name: unknown): void {
  if (typeof name !== 'string') return;
  const key = counts.has(name) || counts.size < MOST_NAMES ? name.slice(0, MOST_NAMES) : OTHER;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
