/** What the three lists of servers are made of. */
import type { CheckId } from './check-ids.ts';
import type { Habits } from './habits.ts';
import type { OtherHabits } from './other-api-server.ts';
import type { OtherApi } from './speeches.ts';

export type Suite = 'smoke' | 'standard' | 'full';

interface Described {
  name: string;
  /** Where it was seen, or which rule says so; README.md explains the short ones. */
  source: string;
  suite?: Suite;
  timeoutMs?: number;
  model?: string;
}

interface Entry extends Described {
  habits: Habits;
}

/** A server of another API than OpenAI's two. */
interface OtherEntry extends Described {
  api: OtherApi;
  habits: OtherHabits;
  /** Chat is tested, too. */
  besideChat?: boolean;
}

interface Fault {
  /** The checks that name the fault: each has at least one fail, and the exit code is 1. */
  fails: CheckId[];
  /** What `fails` observe, where the words matter; the class word, at least. */
  says?: string;
  /** By the rules of the checks these may fail, too. */
  mayAlso?: CheckId[];
  /** SHOULDs: a warning and exit 0 (where `fails` is empty); a fail and exit 1 with --strict. */
  warns?: CheckId[];
  /** The warning is the most there is: --strict is not tried. */
  warnsAtMost?: boolean;
}

export interface BrokenServer extends Entry, Fault {}

export interface OtherBrokenServer extends OtherEntry, Fault {}

export interface OddServer extends Entry {}

export interface OtherOddServer extends OtherEntry {
  /** SHOULDs that warn; nothing else may. */
  warns?: CheckId[];
}

export interface UnjudgeableServer extends Entry {
  exitCode: 1 | 2 | 3;
  /** The sentence of the contract behind the exit code. */
  reason: string;
  /** Nothing listens any more when the tester comes. */
  gone?: boolean;
}
