/** Runs the matrix against one server and judges it. */

import { apiOf } from '../apis/index.ts';
import { allChecks, type Catalogue, catalogueOf } from '../checks/catalogue.ts';
import { viewOf } from '../checks/support/server-view.ts';
import { hangsWhereAsked, isHung, timesHung } from '../checks/support/usage-option.ts';
import type { ServerTarget } from '../config/server-target.ts';
import { judge } from '../judge/verdict.ts';
import type { ApiId } from '../model/api.ts';
import { caseKey } from '../model/case-id.ts';
import { exchangesOf } from '../model/material.ts';
import type { CaseRecord, Observations } from '../model/observations.ts';
import type { References } from '../model/reference.ts';
import type { Result, ServerReport } from '../model/report.ts';
import { listedContext } from '../products/context.ts';
import { type Identity, identify, products } from '../products/index.ts';
import { lowering } from '../products/profile.ts';
import { costOf } from '../scenarios/cost.ts';
import { answered } from '../scenarios/define.ts';
import { Availability } from './availability.ts';
import type { RunMemory } from './case-sender.ts';
import { Confirmations } from './confirm.ts';
import { type Discovered, discover } from './discover.ts';
import { ReferenceGatherer } from './gather-references.ts';
import { raisesAll } from './least-limit.ts';
import { lookerOf } from './look.ts';
import type { RunOptions } from './options.ts';
import { ReportedErrors } from './reported-errors.ts';
import { sendUnit } from './send-unit.ts';
import { Session } from './session.ts';
import { withShownFrames } from './shown-frames.ts';
import { planUnits, type Unit } from './units.ts';
import { withoutKeys } from './without-keys.ts';

const UNKNOWN: Identity = { product: null, version: null, by: null, behind: null };

/**
 * @returns the server's report; one that was broken off gives what was measured
 * @throws ServerUrlError, ModelChoiceError
 */
export async function runServer(target: ServerTarget, options: RunOptions): Promise<ServerReport> {
  const startedAt = performance.now();
  const session = new Session(target, options);
  try {
    const run = new ServerRun(session, options);
    await run.all();
    return run.report(performance.now() - startedAt);
  } finally {
    await session.wire.close();
  }
}

class ServerRun {
  readonly #session: Session;
  readonly #options: RunOptions;
  readonly #memory: RunMemory = { cases: new Map(), shrink: 1, least: null };
  /** How often units were sent again with larger limits: prompts that have to be new are new again each time. */
  #raises = 0;
  readonly #confirmations = new Confirmations(allChecks);
  readonly #availability = new Availability();
  #identity: Identity = UNKNOWN;
  /** What is sent and confirmed, and what the report is judged by. */
  readonly #catalogue: Catalogue;
  readonly #judgedBy: Catalogue;
  #references: References | null = null;
  #statedContext: number | null = null;
  readonly #errors = new ReportedErrors();
  #discovered: Discovered = { models: null, entry: null };

  constructor(session: Session, options: RunOptions) {
    this.#session = session;
    this.#options = options;
    this.#catalogue = catalogueOf(options.catalogue);
    this.#judgedBy = options.judgedBy === undefined ? this.#catalogue : catalogueOf(options.judgedBy);
  }

  async all(): Promise<void> {
    const { apis, suite, selection, seed } = this.#options;
    const units = planUnits(apis, suite, selection, this.#catalogue);
    this.#discovered = await discover(this.#session);
    const of = units.flatMap((unit) => unit.cases).reduce((sum, id) => sum + costOf(id, seed).requests, 0);
    let identified = false;
    for (const [at, unit] of units.entries()) {
      if (!identified && unit.name !== 'text') {
        await this.#identify();
        identified = true;
      }
      this.#options.progress({
        server: this.#session.target.name,
        done: this.#session.requests,
        of,
        doing: `${unit.api} ${unit.name}`,
      });
      await this.#runUnit(unit, units.slice(0, at));
    }
    if (!identified) await this.#identify();
    await this.#compare(units);
  }

  /** At the very end: looks at tokenizer endpoints, and retries what references found wrong. */
  async #compare(units: readonly Unit[]): Promise<void> {
    const { reference, selection, signal } = this.#options;
    const isWanted = this.#referenceChecks().some((id) => selection.check(id));
    if (reference === undefined || signal.aborted || !isWanted) return;
    const { name } = this.#session.target;
    const { requests } = this.#session;
    this.#options.progress({ server: name, done: requests, of: requests, doing: 'reference counts' });
    const gatherer = new ReferenceGatherer(this.#session, reference, this.#label().product);
    try {
      await gatherer.open();
      await gatherer.gather(this.#memory.cases.values());
      this.#references = gatherer.references();
      const compared = this.#referenceResults();
      for (const unit of units) await this.#confirmReferences(unit, compared, gatherer);
    } finally {
      await gatherer.close();
    }
  }

  /** Ids of the checks that are judged once everything else has been sent. */
  #referenceChecks(): readonly string[] {
    return this.#catalogue.checks.flatMap(({ id, comparesReferences }) => (comparesReferences ? [id] : []));
  }

  #referenceResults(instead: readonly CaseRecord[] = []): readonly Result[] {
    const ids = this.#referenceChecks();
    return this.#judge(instead).filter(({ check }) => ids.includes(check));
  }

  async #confirmReferences(unit: Unit, first: readonly Result[], gatherer: ReferenceGatherer): Promise<void> {
    if (!this.#options.confirm || this.#stopped() || gatherer.disturbed()) return;
    const cases = new Set(unit.cases.map(caseKey));
    if (this.#confirmations.open(first, cases).length === 0) return;
    const again = await this.#send(this.#answering(this.#sendable(unit)), 2);
    if (this.#stopped()) return;
    await gatherer.gather(again);
    this.#confirmations.compare(first, this.#referenceResults(again), cases);
  }

  /** The first request of an API that few servers have, which tells whether this one has it. */
  async #lookFor(unit: Unit): Promise<readonly CaseRecord[]> {
    if (unit.name !== 'text' || !apiOf(unit.api).discovered) return [];
    const cases = unit.cases.filter(({ mode }) => mode === 'nonstream');
    const records = await this.#send({ ...unit, cases }, 0);
    return await Promise.all(records.map((record) => this.#availability.learnFirst(record, this.#session)));
  }

  /** @param before units sent before, which are sent again where this one's limits had to be raised; null: it is one of them */
  async #runUnit(unit: Unit, before: readonly Unit[] | null): Promise<void> {
    const known = await this.#lookFor(unit);
    for (const record of known) this.#memory.cases.set(record.key, record);
    if (this.#availability.absent.has(unit.api)) return;
    const open = this.#sendable(unit);
    const rest = open.cases.filter((id) => !known.some(({ key }) => key === caseKey(id)));
    const { least } = this.#memory;
    const records = [...known, ...(await this.#send({ ...open, cases: rest }, 0))];
    // Where it is broken off, what the first sending brought is all there is.
    if (before === null && this.#stopped()) return;
    if (this.#memory.least !== least && raisesAll(this.#memory.least)) {
      this.#raises += 1;
      for (const earlier of before ?? []) await this.#runUnit(earlier, null);
    }
    for (const record of records) this.#memory.cases.set(record.key, withShownFrames(record));
    if (unit.name === 'text') {
      await this.#askHungAgain(open);
      const { cases } = this.#memory;
      this.#availability.learn(unit, cases, () => this.#judge(), this.#session);
    }
    const cases = new Set(open.cases.map(caseKey));
    // What killed the server is not sent again, whoever brought it back.
    const killed = cases.has(this.#session.liveness.death?.caseKey ?? '');
    if (!this.#options.confirm || this.#stopped() || killed) return;
    const { selection } = this.#options;
    const first = this.#judge().filter(
      (result) => selection.check(result.check) && selection.case(result.case),
    );
    if (this.#confirmations.open(first, cases).length === 0) return;
    const again = (await this.#send(this.#answering(open), 1)).map(withShownFrames);
    if (this.#stopped()) return;
    this.#confirmations.compare(first, this.#judge(again), cases);
  }

  /** A request that asks for usage and was left unanswered, unlike its twin, is sent once more, and so is the twin: is it chance? */
  async #askHungAgain(unit: Unit): Promise<void> {
    const view = viewOf(this.#observations(), new Map());
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
    this.#errors.add(records);
    return records;
  }

  #answering(unit: Unit): Unit {
    return { ...unit, cases: unit.cases.filter((id) => !this.#availability.hangs(id)) };
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
      const state = this.#availability.insteadOf(unit, id);
      if (state === null) return true;
      const key = caseKey(id);
      this.#memory.cases.set(key, { id, key, state });
      return false;
    });
    return { ...unit, cases };
  }

  async #identify(): Promise<void> {
    const session = this.#session;
    const look = lookerOf(session, () => this.#stopped());
    const { models, entry } = this.#discovered;
    this.#identity = await identify({
      headers: session.headers,
      models,
      model: entry,
      fingerprint: session.fingerprint,
      look,
    });
    const product = products.get(this.#identity.product ?? '');
    const stated = smallest(listedContext(entry), (await product?.context?.(look, session.model)) ?? null);
    this.#statedContext = stated;
    session.context = smallest(session.context, stated);
  }

  #label(): { product: string | null; version: string | null } {
    const { label } = this.#session.target;
    return label ?? { product: this.#identity.product, version: this.#identity.version };
  }

  /** The product whose accepted deviations hold; "openai": none. */
  #profile(): string {
    const { product } = this.#label();
    return this.#session.target.profile ?? (product !== null && products.has(product) ? product : 'openai');
  }

  #observations(instead: readonly CaseRecord[] = []): Observations {
    const session = this.#session;
    const cases = new Map(this.#memory.cases);
    for (const record of instead) cases.set(record.key, record);
    return {
      model: session.model,
      cases,
      context: session.context,
      statedContext: this.#statedContext,
      death: session.liveness.death,
      lost: session.halt?.kind === 'lost' ? (session.halt.case ?? null) : null,
      served: this.#availability.served,
      ...(this.#references === null ? {} : { references: this.#references }),
    };
  }

  #judge(instead: readonly CaseRecord[] = [], { checks }: Catalogue = this.#catalogue): readonly Result[] {
    const profile = this.#profile();
    const { version } = this.#label();
    return judge(this.#observations(instead), {
      checks,
      strict: this.#options.strict,
      accepted: (check, key) => (profile === 'openai' ? null : lowering(profile, version, check, key)),
    });
  }

  /** Keys are taken out at the end, however they got into it. */
  report(durationMs: number): ServerReport {
    return withoutKeys(this.#report(durationMs), this.#session.redact);
  }

  #report(durationMs: number): ServerReport {
    const { selection } = this.#options;
    const session = this.#session;
    const forbidden = this.#availability.served.size === 0 ? this.#availability.forbidden : new Set<ApiId>();
    const results = this.#confirmations
      .mark(this.#judge([], this.#judgedBy))
      .filter((result) => selection.check(result.check) && selection.case(result.case))
      .map((result) =>
        forbidden.has(result.api) && result.verdict === 'skip'
          ? { ...result, verdict: 'error' as const }
          : result,
      );
    const { product, version } = this.#label();
    return {
      name: session.target.name,
      baseUrl: shownUrl(session),
      product,
      version,
      identifiedBy: session.target.label === null ? this.#identity.by : '--label',
      behind: this.#identity.behind,
      profile: this.#profile(),
      model: session.model,
      context: session.context,
      halt: session.stopped(),
      notServed: [...this.#availability.absent],
      notes: [...session.notes, ...this.#errors.notes()],
      requests: session.requests,
      durationMs: Math.round(durationMs),
      serverMs: Math.round(session.serverMs),
      results,
    };
  }
}

function smallest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

function shownUrl({ server }: Session): string {
  return server.origin + server.prefix;
}
