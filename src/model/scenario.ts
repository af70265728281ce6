/**
 * What a scenario tells the rest of the program: what it asks for, where it applies, how its requests are sent. A new one
 * is one file that implements `Scenario`, a line in src/scenarios/index.ts, and its id in case-id.ts.
 */
import type { Ask, Feature, Mode, Terms } from './api.ts';
import type { CaseId, ScenarioId } from './case-id.ts';
import type { Exchange } from './exchange.ts';
import type { CaseState, Together } from './observations.ts';
import type { Outcome } from './outcome.ts';

export type Suite = 'smoke' | 'standard' | 'full';
export const suites: readonly Suite[] = ['smoke', 'standard', 'full'];

/** What the requests of a case depend on, beside its scenario. */
export interface Sending {
  readonly id: CaseId;
  readonly seed: number;
  /** 0 for the first sending; prompts that have to be new are new again with each. */
  readonly attempt: number;
  /** Tokens of the server's context; null where it is not known. */
  readonly context: number | null;
  /** Words for a prompt of so many, fewer where the server refused such prompts as too long. */
  readonly words: (full: number) => number;
  /** Words of the prompt that another scenario sent in the same API and mode; null where it sent none, or not of words. */
  readonly wordsSent: (scenario: ScenarioId) => number | null;
}

/** Sends the requests of one case, and tells what came before. */
export interface Sender extends Sending {
  /** The server is given up, or gone. */
  readonly halted: boolean;
  /** What came of an earlier plain case of the same API; null where it was not reached. */
  earlier(mode: Mode, scenario: ScenarioId): Earlier | null;
  /** Sends one request; where the server dies of it, the case is blamed. Never rejects. */
  ask(ask: Ask, how?: { readonly leaveAfterFirstDelta?: boolean }): Promise<Exchange>;
  /** False where a recorded run is judged that sent nothing again to compare warm with warm: its answers are other requests'. */
  readonly resends: boolean;
  /** Sends again, one by one, what earlier cases sent: those of the requests that were answered then. */
  askAgain(parts: readonly Part[]): Promise<Together>;
  /** Sends requests at the same time. @param parts with the case that sent the same request by itself */
  askTogether(parts: ReadonlyArray<{ readonly alone: string; readonly ask: Ask }>): Promise<Together>;
  /**
   * Sends what follows a request that may have harmed the server; whether it did is for the scenario's own check.
   * @param again on a fresh connection, and as patiently as for a whole request: the server may still be at work on what
   *   nobody waits for
   */
  followUp(ask: Ask, again: boolean): Promise<Exchange>;
  /** Has the API's count endpoint count what `ask` would send; null where there is no such endpoint. */
  count(ask: Ask): Promise<Exchange | null>;
  /** Sends a body that is malformed on purpose; the answer is not judged. */
  sendMalformed(body: string): Promise<void>;
  /** What became of a request of this case. */
  outcome(exchange: Exchange): Outcome;
  /** This request was answered: it is sent again where the server may have died. */
  served(ask: Ask): void;
  /** The last follow-up was not answered. */
  notServed(followUp: Exchange): void;
  pause(ms: number): Promise<void>;
}

/** A request of another scenario, in the same API and mode. */
export interface Part {
  readonly scenario: ScenarioId;
  readonly ask: Ask;
}

export interface Earlier {
  readonly key: string;
  /** Empty where it was not sent. */
  readonly outcomes: readonly Outcome[];
}

export interface Scenario {
  readonly id: ScenarioId;
  /** The catalogue that brought it; the first where left out. */
  readonly catalogue?: number;
  readonly suite: Suite;
  /** It is sent to APIs that have all of these. */
  readonly needs: readonly Feature[];
  readonly modes: readonly Mode[];
  /** Streams are sent with every way to ask for usage or not, not with the first alone. */
  readonly everyOption: boolean;
  /** Scenarios of one unit are sent, judged and confirmed together; by itself where left out. */
  readonly unit?: string;
  /** Its prompts are shortened and sent again where they are refused as too long. */
  readonly shrinks: boolean;
  /** A server may lack it: anything but a proper answer or a refusal with a reason is a warning, not a fail. */
  readonly optional: boolean;
  /** Only its own relation check, error-ends-stream and server-survives are judged. */
  readonly relation: boolean;
  /** A function where it takes the API's own words. */
  readonly about: string | ((asks: Terms['asks']) => string);
  /** Malformed requests that it sends besides: they cost nothing. */
  readonly malformed: number;
  /** Its requests in order, as they are sent to a server that refuses nothing. Pure. */
  asks(sending: Sending): readonly Ask[];
  /** Sends one case. */
  send(sender: Sender): Promise<CaseState>;
}
