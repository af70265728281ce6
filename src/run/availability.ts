/** Which APIs a server has, by its answers to the plain requests: served, closed, without a way to ask for usage. */

import { apiOf } from '../apis/index.ts';
import { keyOf } from '../checks/support/server-view.ts';
import type { Api, ApiId } from '../model/api.ts';
import { type CaseId, caseKey } from '../model/case-id.ts';
import type { Exchange } from '../model/exchange.ts';
import { exchangesOf } from '../model/material.ts';
import type { CaseRecord, CaseState } from '../model/observations.ts';
import { isAnswer, outcomeOf } from '../model/outcome.ts';
import type { Result } from '../model/report.ts';
import { absenceOf, answersAlike, NO_SUCH_API } from './absent-api.ts';
import { describe } from './liveness.ts';
import type { Session } from './session.ts';
import type { Unit } from './units.ts';

export class Availability {
  readonly served = new Set<ApiId>();
  /** Closed by a 403: an error where no API is served at all. */
  readonly forbidden = new Set<ApiId>();
  /** APIs that the server was found not to have. */
  readonly absent = new Set<ApiId>();
  /** Why an API's later cases are not sent. */
  readonly #closed = new Map<ApiId, string>();
  readonly #askedRefused = new Set<ApiId>();
  /** What is said of APIs whose requests hang where usage is asked for. */
  readonly #askedHangs = new Map<ApiId, string>();

  /** What is filed for a case of a unit instead of sending it; null where it is sent. */
  insteadOf(unit: Unit, id: CaseId): CaseState | null {
    const closed = this.#closed.get(unit.api);
    if (closed !== undefined) return { kind: 'skipped', reason: closed };
    if (id.option !== 'asked' || unit.name === 'text') return null;
    const hangs = this.#askedHangs.get(unit.api);
    if (hangs !== undefined) return { kind: 'errored', reason: hangs };
    const isRefused = this.#askedRefused.has(unit.api);
    return isRefused ? { kind: 'skipped', reason: `${apiOf(unit.api).terms.askUsage} is refused` } : null;
  }

  /** It would only be left unanswered once more. */
  hangs({ api, option }: CaseId): boolean {
    return option === 'asked' && this.#askedHangs.has(api);
  }

  /**
   * Learns from an API's first request, and where that may be the answer to any path, from one to a path that nobody serves.
   * @returns the record as it is filed
   */
  async learnFirst(record: CaseRecord, session: Session): Promise<CaseRecord> {
    const api = apiOf(record.id.api);
    const [exchange] = exchangesOf(record);
    if (exchange === undefined) return record;
    const reason = await this.#absence(exchange, api, session);
    if (reason !== null) {
      this.absent.add(api.id);
      session.liveness.forgive();
      return { ...record, state: { kind: 'absent', reason: `not served: ${reason}` } };
    }
    const outcome = outcomeOf(exchange, api, record.id.mode, session.model);
    if (outcome.kind === 'failed' && outcome.class === 'stream') session.wantsWhole(api);
    return record;
  }

  async #absence(exchange: Exchange, api: Api, session: Session): Promise<string | null> {
    const found = absenceOf(exchange, api, session.model);
    if (found.kind === 'absent') return found.reason;
    if (found.kind === 'there' || session.stopped() !== null) return null;
    const elsewhere = await session.askElsewhere(api, exchange.request);
    return answersAlike(exchange, elsewhere, api, session.model)
      ? `any path is answered like this (${describe(elsewhere)})`
      : null;
  }

  /**
   * Learns from a unit of plain requests.
   * @param judge judges what was sent so far, by what is known at the time of the call
   */
  learn(
    unit: Unit,
    cases: ReadonlyMap<string, CaseRecord>,
    judge: () => readonly Result[],
    session: Session,
  ): void {
    const outcomes = unit.cases.flatMap((id) => {
      const state = cases.get(caseKey(id))?.state;
      if (state?.kind !== 'sent' || state.material.kind !== 'plain') return [];
      return state.material.exchanges.map((exchange) =>
        outcomeOf(exchange, apiOf(id.api), id.mode, session.model),
      );
    });
    if (outcomes.some(isAnswer)) this.served.add(unit.api);
    const [first] = outcomes;
    if (first?.kind === 'refused' && outcomes.every(({ kind }) => kind === 'refused')) {
      if (NO_SUCH_API.includes(first.status))
        this.#closed.set(unit.api, `the server has no such API (HTTP ${first.status})`);
      if (first.status === 403) {
        this.#closed.set(unit.api, `forbidden: ${first.reason}`);
        this.forbidden.add(unit.api);
      }
    }
    const plainStream = keyOf(unit.api, 'stream', 'text');
    const asked = judge().find(
      (result) => result.check === 'stream-options-accepted' && result.case === plainStream,
    );
    if (asked?.class === 'hung') this.#askedHangs.set(unit.api, asked.message);
    else if (asked?.class !== undefined) this.#askedRefused.add(unit.api);
  }
}
