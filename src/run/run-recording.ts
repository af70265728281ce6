/** Judges a recording: the run that made it, once more, with the recorded answers and without a server. */
import { catalogueOf } from '../checks/catalogue.ts';
import { FIRST_CATALOGUE } from '../checks/support/define-check.ts';
import { selectionOf } from '../config/selection.ts';
import { labelOf, type ServerTarget } from '../config/server-target.ts';
import type { ServerReport } from '../model/report.ts';
import type { Selection } from '../model/selection.ts';
import type { RecordingHead } from '../recordings/recorded.ts';
import { recordedTransport } from '../recordings/recorded-transport.ts';
import type { Recording } from '../recordings/recording.ts';
import { RecordingError } from '../recordings/recording-error.ts';
import { parseSources, type ReferenceOptions } from '../references/options.ts';
import { withinTime } from '../text/time-limit.ts';
import type { RunOptions } from './options.ts';
import { runServer } from './run-server.ts';

export interface RecordingOptions {
  /** SHOULDs fail, too, and no deviation is accepted; false where left out. */
  readonly strict?: boolean;
  /** The catalogue to judge by; the one that was recorded where left out. */
  readonly catalogue?: number;
  /** Product whose accepted deviations hold; null, or left out: the product found. */
  readonly profile?: string | null;
  /** What counts are compared with; left out: what was recorded for that, null: nothing. */
  readonly reference?: ReferenceOptions | null;
}

/** @returns the report, and whether the recorded run was interrupted */
export async function runRecording(
  recording: Recording,
  {
    strict = false,
    profile = null,
    catalogue,
    reference = referenceOf(recording.head),
  }: RecordingOptions = {},
): Promise<{ readonly server: ServerReport; readonly partial: boolean }> {
  const { head } = recording;
  const interrupt = new AbortController();
  const options: RunOptions = {
    ...howItRan(head),
    ...(catalogue === undefined ? {} : { judgedBy: catalogue }),
    strict,
    ...(reference === null ? {} : { reference }),
    signal: interrupt.signal,
    progress: () => {},
    transport: recordedTransport(recording, () => interrupt.abort()),
  };
  const server = await runServer({ ...targetOf(head), profile }, options);
  return { server, partial: interrupt.signal.aborted };
}

/** What the recorded run was told to do; signal and progress are this run's own. */
export function howItRan({
  run,
  suite,
  seed,
  catalogue = FIRST_CATALOGUE,
  resends = false,
  planning = 1,
}: RecordingHead) {
  const known = catalogueOf(catalogue).apis.map(({ id }) => id);
  return {
    apis: run === undefined ? known : known.filter((id) => run.apis.includes(id)),
    suite,
    seed,
    catalogue,
    resends,
    planning,
    selection: selectionIn(run, catalogue),
    confirm: run?.confirm ?? true,
    timeoutMs: 120_000,
    waitMs: 0,
    concurrency: run?.concurrency ?? 1,
    body: run?.body ?? {},
    caPem: null,
  };
}

/** Real ones take a few ms; a hostile glob may never end. */
const MOST_MS = 10_000;

/** @throws RecordingError */
function selectionIn(run: RecordingHead['run'], catalogue: number): Selection {
  const done = withinTime(MOST_MS, () =>
    selectionOf(run?.only ?? [], run?.skip ?? [], catalogueOf(catalogue)),
  );
  if (done === undefined)
    throw new RecordingError(`its globs (run.only, run.skip) take over ${MOST_MS / 1000} s to match`);
  return done.value;
}

function targetOf({ run, label, model }: RecordingHead): Omit<ServerTarget, 'profile'> {
  return {
    name: run?.name ?? label,
    url: run?.url ?? 'http://recording',
    model,
    headers: run?.headers ?? {},
    label: run === undefined ? labelOf(label) : run.label === null ? null : labelOf(run.label),
  };
}

/** What counts of the recorded run were compared with; null: with nothing. */
export function referenceOf({ run }: RecordingHead): ReferenceOptions | null {
  if (run?.reference === undefined) return null;
  const parsed = parseSources(run.reference);
  return parsed === null ? null : { ...parsed, tokenizer: null, serverUrl: null };
}
