/** The report: what every reporter reads. The fields named in the JSON contract keep their names. */
import type { ApiId } from './api.ts';
import type { Arrivals } from './exchange.ts';
import type { SilentReference } from './reference.ts';

export type Verdict = 'pass' | 'fail' | 'warn' | 'skip' | 'error';
type Level = 'MUST' | 'SHOULD';

/** Formats of a report, by name. */
export const formats = ['table', 'json', 'junit', 'markdown', 'github', 'html'] as const;
export type Format = (typeof formats)[number];

/** What is written to files; `issue` is a folder with a ticket for each finding. */
export const outputFormats = [...formats, 'issue'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** What fails a run: fails, or warnings as well. */
export const failOns = ['fail', 'warn'] as const;
export type FailOn = (typeof failOns)[number];

/** A frame, or a whole body, as shown: ms after the request was sent, and the data as received (cut, not yet escaped). */
export interface ShownFrame {
  readonly at: number;
  readonly data: string;
  readonly event?: string;
  /** Its place among all frames of the stream, from 1; left out where it is no frame, or of another answer. */
  readonly number?: number;
}

/** What a failure is shown with. */
export interface Evidence {
  /** The last frames that matter, oldest first. */
  readonly frames: readonly ShownFrame[];
  /** A redacted command line that repeats the request. */
  readonly curl: string;
  /** Of a stream: when its frames came. */
  readonly arrivals?: Arrivals;
}

export interface Result {
  readonly check: string;
  /** `<api>/<mode>/<option>/<scenario>` */
  readonly case: string;
  readonly api: ApiId;
  readonly verdict: Verdict;
  readonly level: Level;
  /** Empty on pass. */
  readonly expected: string;
  /**
   * How the rule was broken: `absent`, `null`, `late`, `cut-off` … Only where it was. Of an error `hung`, where requests are
   * left unanswered by a pattern that the message names.
   */
  readonly class?: string;
  /** `class: detail`; empty on pass. */
  readonly observed: string;
  /** One sentence; the reason on skip and error. */
  readonly message: string;
  /** On skips: the innermost reason, where the message repeats that of another check. */
  readonly cause?: string;
  /** The numbers that show a break, by name: `reported`, `expected` … */
  readonly numbers?: Readonly<Record<string, number>>;
  readonly baselined: boolean;
  /** On fails: retried and came twice (2/2), came once (1/2), not retried (-). */
  readonly confirmed?: '2/2' | '1/2' | '-';
  /** Present where a profile lowered a fail: the raw verdict is `fail`. */
  readonly lowered?: { readonly reason: string; readonly link: string };
  /** What a count was compared with, e.g. "/tokenize". */
  readonly reference?: string;
  /** In a repeated run: how often each verdict came. The result is the first with the worst. */
  readonly times?: Summary;
  readonly evidence?: Evidence;
}

/** Why a server's run ended early. */
export interface Halt {
  readonly kind: 'unreached' | 'died' | 'given-up' | 'unauthorized' | 'lost' | 'interrupted' | 'out-of-time';
  readonly message: string;
  /** The case that did it, where one did. */
  readonly case?: string;
}

export interface ServerReport {
  readonly name: string;
  readonly baseUrl: string;
  /** null: unknown. */
  readonly product: string | null;
  readonly version: string | null;
  /** How the product and its version were told, e.g. "Server header", "--label". */
  readonly identifiedBy: string | null;
  /** "LiteLLM in front of llama.cpp": the product behind a gateway, where both show. */
  readonly behind: string | null;
  readonly profile: string;
  readonly model: string | null;
  /** Context the server states, in tokens. */
  readonly context: number | null;
  readonly halt: Halt | null;
  /** APIs that were looked for, and are not there; one skipped result each says why. */
  readonly notServed?: readonly ApiId[];
  /** What the run had to do differently for this server (substituted parameters, halved lengths). */
  readonly notes: readonly string[];
  /** References that were asked for by name and gave nothing: what they should have judged was not judged. */
  readonly silentReferences?: readonly SilentReference[];
  readonly requests: number;
  /** ms: wall time of this server's run, and the part of it spent waiting for the server. */
  readonly durationMs: number;
  readonly serverMs: number;
  /** Where lastchunk started it: what was asked for, which may say more than it says of itself, and its log. */
  readonly launched?: Launched;
  /** The command that starts it again, word by word, where lastchunk started it or answered in its place. */
  readonly startAgain?: readonly string[];
  /** In a repeated run: how often the suite was run. */
  readonly runs?: number;
  /** Where it is not that of the report: in merged reports. */
  readonly seed?: number;
  readonly results: readonly Result[];
}

/** A product by the name it is launched under, in the version that was installed. */
export interface LaunchedProduct {
  readonly product: string;
  readonly version: string;
}

/** A server that was installed and started for the run. */
export interface Launched extends LaunchedProduct {
  /** The file with all it printed; null where it was never started. */
  readonly log: string | null;
  /** What a gateway was put in front of, where that was launched as well. */
  readonly upstream?: LaunchedProduct;
}

/** A check in one API that came out differently in the next version. */
export interface Change {
  readonly check: string;
  readonly api: string;
  readonly observed: string;
  readonly cases: readonly string[];
}

/** What going from one version to the next changes. */
export interface Step {
  /** Names of the two servers. */
  readonly from: string;
  readonly to: string;
  /** "safe", "breaks 2, fixes 1" … */
  readonly verdict: string;
  /** It held and fails now. */
  readonly breaks: readonly Change[];
  readonly fixes: readonly Change[];
  /** It held and is only warned about now. */
  readonly warns: readonly Change[];
  /** It held in cases that are no longer answered, or fails and could not be judged before: the change is not known. */
  readonly unjudged: readonly Change[];
  /** Cases that were answered before and are not any more. */
  readonly unanswered: readonly string[];
}

export interface Summary {
  readonly pass: number;
  readonly fail: number;
  readonly warn: number;
  readonly skip: number;
  readonly error: number;
}

/** Which part of a run it is, and what all parts have in common. */
interface ShardOfReport {
  /** From 1. */
  readonly index: number;
  readonly count: number;
  /** Names of all servers of the run, in order. */
  readonly servers: readonly string[];
  /** The same text in all shards of the same run. */
  readonly plan: string;
}

/** How a run was started, and on what. */
export interface RunEnvironment {
  /** The command line, without keys. */
  readonly command: string;
  /** `v22.12.0` */
  readonly node: string;
  readonly os: string;
}

export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'lastchunk'; readonly version: string };
  /** Left out where a program made it. */
  readonly environment?: RunEnvironment;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly catalogue: number;
  readonly seed: number;
  readonly suite: string;
  readonly strict: boolean;
  /** Where warnings fail the run, too. */
  readonly failOn?: FailOn;
  /** True where the run was interrupted, or its time was over: results are what was measured until then. */
  readonly partial: boolean;
  /** Where this is a part of a run that was spread over machines. */
  readonly shard?: ShardOfReport;
  readonly servers: readonly ServerReport[];
  readonly summary: Summary;
  /** Where versions of a server were compared, from each to the next. */
  readonly steps?: readonly Step[];
  /** Where the run had a baseline: its entries, in order. */
  readonly baseline?: readonly BaselineUse[];
  /** The file they were read from. */
  readonly baselineFile?: string;
  /** Sentences about the run as a whole: a stale baseline entry, an output that could not be written. */
  readonly remarks?: readonly string[];
  readonly exitCode: number;
}

/** A failure that is known, as the baseline file lists it. */
export interface ExpectedFailure {
  /** Id of the product; an unknown one is named by the server's name. */
  readonly product: string;
  /** semver range over the product's comparable version, or one version as it is shown; left out: any. */
  readonly versions?: string;
  readonly check: string;
  /** Glob over case ids. */
  readonly case: string;
  readonly reason: string;
  /** The last day it holds, as 2027-06-30. */
  readonly expires?: string;
  /** It need not fail each time. */
  readonly flaky?: boolean;
}

/** What became of an entry of the baseline in this run. */
export interface BaselineUse extends ExpectedFailure {
  /** Results it covers that were judged, those of them that failed, and those that could not be judged. */
  readonly judged: number;
  readonly failed: number;
  readonly erred?: number;
  /**
   * stale: it covers what was judged, and nothing failed. open: whether it is stale can't be told, from a part of a run
   * or because some of what it covers erred.
   * unused: nothing it covers was judged.
   */
  readonly state: 'holds' | 'stale' | 'expired' | 'open' | 'unused';
}

/** What a check looks after, the most harmful first: whether there is usage, what it counts, where it stands, and the rest. */
export const concerns = ['presence', 'numbers', 'place', 'rest'] as const;
export type Concern = (typeof concerns)[number];

/** Words of one check, from its page in docs/checks. */
export interface CheckWords {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly concerns: Concern;
  /** What is wrong where it fails, as it stands before "in any chat stream": "no usage". */
  readonly fault: string;
  /** The fault is that something is not there: in "any" stream, not in "every" one. */
  readonly lacking?: true;
  readonly rule: string;
  readonly source: { readonly title: string; readonly url?: string; readonly says: string };
  /** Sections as Markdown: the rule at length, what breaks downstream, how to mend it. */
  readonly detail: string;
  readonly harm: string;
  readonly remedy: string;
}
