/** Sends what a scenario asks for, over the session with one server. */
import { apiOf } from '../apis/index.ts';
import { keyOf } from '../checks/support/server-view.ts';
import type { Api, Ask, Mode } from '../model/api.ts';
import { type CaseId, caseKey, type ScenarioId } from '../model/case-id.ts';
import type { Exchange } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';
import type { CaseRecord, Together } from '../model/observations.ts';
import { isAnswer, type Outcome, outcomeOf } from '../model/outcome.ts';
import type { Earlier, Part, Sender } from '../model/scenario.ts';
import { raised } from './least-limit.ts';
import type { Session } from './session.ts';

/** What later cases need to know of earlier ones. */
export interface RunMemory {
  readonly cases: Map<string, CaseRecord>;
  /** Lengths of prompts are divided by this; doubles where one was refused as too long, three times at most. */
  shrink: number;
  /** The least limit that this server takes; null where it refused none as too small. */
  least: number | null;
}

export class CaseSender implements Sender {
  readonly id: CaseId;
  readonly attempt: number;
  readonly #session: Session;
  readonly #memory: RunMemory;
  readonly #api: Api;

  constructor(session: Session, memory: RunMemory, id: CaseId, attempt: number) {
    this.#session = session;
    this.#memory = memory;
    this.#api = apiOf(id.api);
    this.id = id;
    this.attempt = attempt;
  }

  get seed(): number {
    return this.#session.options.seed;
  }

  get context(): number | null {
    return this.#session.context;
  }

  get halted(): boolean {
    return this.#session.halt !== null;
  }

  readonly words = (full: number): number => Math.max(2, Math.floor(full / this.#memory.shrink));

  readonly wordsSent = (scenario: ScenarioId): number | null => {
    const state = this.#memory.cases.get(keyOf(this.id.api, this.id.mode, scenario))?.state;
    return state?.kind === 'sent' && state.material.kind === 'plain' ? (state.material.words ?? null) : null;
  };

  earlier(mode: Mode, scenario: ScenarioId): Earlier | null {
    const key = keyOf(this.id.api, mode, scenario);
    const state = this.#memory.cases.get(key)?.state;
    if (state === undefined) return null;
    const exchanges =
      state.kind === 'sent' && state.material.kind === 'plain' ? state.material.exchanges : [];
    return { key, outcomes: exchanges.map((exchange) => this.#outcome(exchange, mode)) };
  }

  ask(ask: Ask, how: { readonly leaveAfterFirstDelta?: boolean } = {}): Promise<Exchange> {
    return this.#session.ask(this.#api, this.id.mode, this.#body(ask), caseKey(this.id), how);
  }

  get resends(): boolean {
    return this.#session.options.resends ?? true;
  }

  async askAgain(parts: readonly Part[]): Promise<Together> {
    const twins: Array<Together[number]> = [];
    for (const { scenario, ask } of this.resends ? parts : []) {
      const earlier = this.earlier(this.id.mode, scenario);
      if (earlier?.outcomes.some(isAnswer)) twins.push({ alone: earlier.key, exchange: await this.ask(ask) });
    }
    return twins;
  }

  async askTogether(parts: ReadonlyArray<{ readonly alone: string; readonly ask: Ask }>): Promise<Together> {
    const together = await Promise.all(
      parts.map(async ({ alone, ask }) => ({ alone, exchange: await this.followUp(ask, false) })),
    );
    for (const { exchange } of together) await this.#session.liveness.watch(exchange, caseKey(this.id));
    return together;
  }

  followUp(ask: Ask, again: boolean): Promise<Exchange> {
    return this.#session.follow(this.#api, this.id.mode, this.#body(ask), again);
  }

  count(ask: Ask): Promise<Exchange | null> {
    return this.#session.count(this.#api, this.id.mode, this.#body(ask));
  }

  sendMalformed(body: string): Promise<void> {
    return this.#session.sendMalformed(this.#api, body);
  }

  outcome(exchange: Exchange): Outcome {
    return this.#outcome(exchange, this.id.mode);
  }

  served(ask: Ask): void {
    this.#session.liveness.served({ api: this.#api, mode: this.id.mode, body: this.#body(ask) });
  }

  notServed(followUp: Exchange): void {
    this.#session.liveness.notServed(followUp, caseKey(this.id));
  }

  pause(ms: number): Promise<void> {
    return this.#session.pause(ms);
  }

  #outcome(exchange: Exchange, mode: Mode): Outcome {
    return outcomeOf(exchange, this.#api, mode, this.#session.model);
  }

  #body(ask: Ask): JsonObject {
    const { mode, option } = this.id;
    const limit = raised(ask.limit, this.#memory.least);
    return this.#api.encode({ ...ask, limit }, mode, option, this.seed);
  }
}
