/** Mutants of the recordings in fixtures/, as fast-check makes and shrinks them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { formats } from '../build/model/report.js';
import { readRecording } from '../build/recordings/recording.js';
import { EXCHANGES_FILE, HEAD_FILE } from '../build/recordings/recording-files.js';
import { runRecording } from '../build/run/run-recording.js';
import { GARBAGE } from './hostile-values.mjs';
import { mutations, withoutUsage } from './mutations.mjs';

const RECORDINGS = fileURLToPath(new URL('../fixtures/recordings', import.meta.url));
/** The small suite often, for it takes a tenth of the time. */
const SUITES = ['smoke', 'smoke', 'smoke', 'smoke', 'standard'];

/** A recording as a run of this suite asks for it, without what that does not ask for. */
async function asked(recording, suite) {
  const head = { ...recording.head, suite };
  const taken = new Set();
  const watched = recording.exchanges.map((exchange) => ({
    ...exchange,
    get reply() {
      taken.add(exchange);
      return exchange.reply;
    },
  }));
  await runRecording({ head, exchanges: watched }, { strict: false, profile: null });
  return { head, exchanges: recording.exchanges.filter((exchange) => taken.has(exchange)) };
}

/** Recordings by place and suite, each read when it is first wanted. */
export class Originals {
  #folders = readdirSync(RECORDINGS).sort();
  #read = new Map();

  get(place, suite) {
    const folder = this.#folders[place % this.#folders.length];
    const key = `${folder} ${suite}`;
    const found = this.#read.get(key) ?? asked(readRecording(join(RECORDINGS, folder)), suite);
    this.#read.set(key, found);
    return found;
  }
}

/** Null, and once in so many times something else. */
const rarely = (times, arbitrary) =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const change = fc.record({
  mutation: fc.constantFrom(...Object.keys(mutations)),
  /** Which exchange; null: each one. */
  exchange: fc.option(fc.nat(), { freq: 3 }),
  a: fc.nat(),
  b: fc.nat(),
});

const edit = fc.record({
  place: fc.nat(),
  out: fc.nat({ max: 50 }),
  put: fc.constantFrom('', ...GARBAGE.map(String)),
});

/** What is done to which recording, as plain JSON. */
export const mutant = fc.record({
  recording: fc.nat(),
  suite: fc.constantFrom(...SUITES),
  changes: fc.array(change, { minLength: 1, maxLength: 12 }),
  /** Two answers that change places. */
  swap: rarely(4, fc.tuple(fc.nat(), fc.nat())),
  /** Where all usage is taken out: of streams only, or of every answer. */
  takeOut: fc.constantFrom('nothing', 'nothing', 'streams', 'everything'),
  /** What the report is shown as. */
  format: fc.constantFrom(...formats),
  /** Changes to the text of a file. */
  file: rarely(
    5,
    fc.record({
      name: fc.constantFrom(EXCHANGES_FILE, HEAD_FILE),
      edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
    }),
  ),
  /** Whether the command judges it, too: a process takes as long as many mutants in this one. */
  command: rarely(30, fc.constant(true)),
});

/** The recording that a mutant describes; what it does to the file is left to {@link filesOf}. */
export async function mutatedRecording(originals, { recording, suite, changes, swap, takeOut }) {
  const { head, exchanges } = await originals.get(recording, suite);
  const isMeant = (at, wanted) => wanted === null || at === wanted % exchanges.length;
  const replies = exchanges.map(({ reply }, at) =>
    changes
      .filter(({ exchange }) => isMeant(at, exchange))
      .reduce((was, { mutation, a, b }) => mutations[mutation](was, a, b), reply),
  );
  if (swap !== null) {
    const [i, j] = swap.map((n) => n % replies.length);
    [replies[i], replies[j]] = [replies[j], replies[i]];
  }
  const isTaken = ({ body }) => takeOut === 'everything' || (takeOut === 'streams' && body?.stream === true);
  return {
    head,
    exchanges: exchanges.map((exchange, at) => ({
      ...exchange,
      reply: isTaken(exchange) ? withoutUsage(replies[at]) : replies[at],
    })),
  };
}

/** The files of a mutated recording, by name. */
export function filesOf({ head, exchanges }, { file }) {
  const files = {
    [HEAD_FILE]: JSON.stringify(head),
    [EXCHANGES_FILE]: exchanges.map((exchange) => `${JSON.stringify(exchange)}\n`).join(''),
  };
  for (const { place, out, put } of file?.edits ?? []) {
    const was = files[file.name];
    const at = place % (was.length + 1);
    files[file.name] = `${was.slice(0, at)}${put}${was.slice(at + out)}`;
  }
  return files;
}
