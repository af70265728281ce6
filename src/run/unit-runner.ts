/** Sends the units of one server, asks again what failed, and learns on the way what need not be sent. */
import { apiOf } from '../apis/index.ts';
import { allChecks } from '../checks/catalogue.ts';
import { viewOf } from '../checks/support/server-view.ts';
import { hangsWhereAsked, isHung, timesHung } from '../checks/support/usage-option.ts';
import type { ApiId } from '../model/api.ts';
import { caseKey } from '../model/case-id.ts';
import { exchangesOf } from '../model/material.ts';
import type { CaseRecord, Observations } from '../model/observations.ts';
import type { Result } from '../model/report.ts';
import { answered } from '../scenarios/define.ts';
import { Availability } from './availability.ts';
import type { RunMemory } from './case-sender.ts';
import { Confirmations } from './confirm.ts';
import { raisesAll } from './least-limit.ts';
import { isSilent } from './liveness.ts';
import type { RunOptions } from './options.ts';
import { ReportedErrors } from './reported-errors.ts';
import { sendUnit } from './send-unit.ts';
import type { Session } from './session.ts';
import { withShownFrames } from './shown-frames.ts';
import type { Unit } from './units.ts';

/** What is known of the server so far, and what the checks say of it; `instead`: records in place of the first ones. */
interface Judged {
  observations(): Observations;
  judge(instead?: readonly CaseRecord[]): readonly Result[];
}

export class UnitRunner {
  readonly #session: Session;
  readonly #options: RunOptions;
  readonly #judged: Judged;
  readonly #memory: RunMemory = { cases: new Map(), shrink: 1, least: null };
  /** How often units were sent again with larger limits: prompts that have to be new are new again each time. */
  #raises = 0;
  /** APIs that left their first request unanswered, and wait until the others are judged. */
  readonly #putOff = new Set<ApiId>();
  readonly confirmations = new Confirmations(allChecks);
  readonly availability = new Availability();
  readonly errors = new ReportedErrors();

  constructor(session: Session, options: RunOptions, judged: Judged) {
    this.#session = session;
    this.#options = options;
    this.#judged = judged;
  }

  get cases(): ReadonlyMap<string, CaseRecord> {
    return this.#memory.cases;
  }

  /** Sends a unit once more, for results that only references tell. */
  async resend(unit: Unit): Promise<readonly CaseRecord[]> {
    return await this.#send(this.#answering(this.#sendable(unit)), 2);
  }

  /** The first request of an API that few servers have, which tells whether this one has it. */
  async #lookFor(unit: Unit): Promise<readonly CaseRecord[]> {
    if (unit.name !== 'text' || !apiOf(unit.api).discovered) return [];
    const cases = unit.cases.filter(({ mode }) => mode === 'nonstream');
    const before = cases.flatMap((id) => this.#memory.cases.get(caseKey(id)) ?? []);
    if (this.#putOff.delete(unit.api)) {
      for (const record of before)
        for (const exchange of exchangesOf(record))
          await this.#session.liveness.countSilence(exchange, record.key);
      return before;
    }
    const records = await this.#send({ ...unit, cases }, 0);
    return await Promise.all(records.map((record) => this.availability.learnFirst(record, this.#session)));
  }

  /**
   * @param before units sent before, which are sent again where this one's limits had to be raised; null: it is one of them
   * @param mayWait other APIs' units are still to come
   * @returns false where it is put off until then: an API that leaves its first request unanswered must not have the server
   *   given up before the others are judged
   */
  async run(unit: Unit, before: readonly Unit[] | null, mayWait = false): Promise<boolean> {
    if (this.availability.absent.has(unit.api)) return true;
    const known = await this.#lookFor(unit);
    for (const record of known) this.#memory.cases.set(record.key, record);
    if (this.availability.absent.has(unit.api)) return true;
    if (mayWait && !this.#stopped() && known.flatMap(exchangesOf).some(({ reply }) => isSilent(reply))) {
      this.#putOff.add(unit.api);
      this.#session.liveness.forgive();
      return false;
    }
    await this.#run(unit, before, known);
    return true;
  }

  async #run(unit: Unit, before: readonly Unit[] | null, known: readonly CaseRecord[]): Promise<void> {
    const open = this.#sendable(unit);
    const rest = open.cases.filter((id) => !known.some(({ key }) => key === caseKey(id)));
    const { least } = this.#memory;
    const records = [...known, ...(await this.#send({ ...open, cases: rest }, 0))];
    // Where it is broken off, what the first sending brought is all there is.
    if (before === null && this.#stopped()) return;
    if (this.#memory.least !== least && raisesAll(this.#memory.least)) {
      this.#raises += 1;
      for (const earlier of before ?? []) await this.run(earlier, null);
    }
    for (const record of records) this.#memory.cases.set(record.key, withShownFrames(record));
    if (unit.name === 'text') {
      await this.#askHungAgain(open);
      const { cases } = this.#memory;
      this.availability.learn(unit, cases, () => this.#judged.judge(), this.#session);
    }
    const cases = new Set(open.cases.map(caseKey));
    // What killed the server is not sent again, whoever brought it back.
    const killed = cases.has(this.#session.liveness.death?.caseKey ?? '');
    if (!this.#options.confirm || this.#stopped() || killed) return;
    const { selection } = this.#options;
    const first = this.#judged
      .judge()
      .filter((result) => selection.check(result.check) && selection.case(result.case));
    if (this.confirmations.open(first, cases).length === 0) return;
    const again = (await this.#send(this.#answering(open), 1)).map(withShownFrames);
    if (this.#stopped()) return;
    this.confirmations.compare(first, this.#judged.judge(again), cases);
  }

  /** A request that asks for usage and was left unanswered, unlike its twin, is sent once more, and so is the twin: is it chance? */
  async #askHungAgain(unit: Unit): Promise<void> {
    const view = viewOf(this.#judged.observations(), new Map());
    const isOpen = timesHung(unit.api, view) === 1 && hangsWhereAsked(unit.api, view) === null;
    if (!isOpen || this.#options.resends === false || this.#stopped()) return;
    const cases = unit.cases.filter(
      ({ mode, option }) => mode === 'stream' && (option === 'asked' || option === 'unasked'),
    );
    const again = await this.#send({ ...unit, cases }, 1);
    for (const record of again) {
      const first = this.#memory.cases.get(record.key);
      if (record.id.option !== 'asked' || first === undefined) continue;
      const exchanges = [...exchangesOf(first), ...exchangesOf(record)].filter(isHung);
      this.#memory.cases.set(record.key, { ...first, state: answered(exchanges) });
    }
  }

  async #send(unit: Unit, ofThree: 0 | 1 | 2): Promise<readonly CaseRecord[]> {
    const records = await sendUnit(this.#session, unit, this.#memory, this.#attempt(ofThree));
    this.errors.add(records);
    return records;
  }

  #answering(unit: Unit): Unit {
    return { ...unit, cases: unit.cases.filter((id) => !this.availability.hangs(id)) };
  }

  #attempt(ofThree: 0 | 1 | 2): number {
    return 3 * this.#raises + ofThree;
  }

  #stopped(): boolean {
    return this.#session.stopped() !== null;
  }

  /** The unit without the cases that are known not to be served; those are filed at once. */
  #sendable(unit: Unit): Unit {
    const cases = unit.cases.filter((id) => {
      const state = this.availability.insteadOf(unit, id);
      if (state === null) return true;
      const key = caseKey(id);
      this.#memory.cases.set(key, { id, key, state });
      return false;
    });
    return { ...unit, cases };
  }
}
