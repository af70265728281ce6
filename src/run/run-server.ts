/** Runs the matrix against one server and judges it. */

import { apiOf } from '../apis/index.ts';
import { type Catalogue, catalogueOf } from '../checks/catalogue.ts';
import type { ServerTarget } from '../config/server-target.ts';
import { judge } from '../judge/verdict.ts';
import type { ApiId } from '../model/api.ts';
import { caseKey } from '../model/case-id.ts';
import type { CaseRecord, Observations } from '../model/observations.ts';
import type { References, SilentReference } from '../model/reference.ts';
import type { Result, ServerReport } from '../model/report.ts';
import { listedContext } from '../products/context.ts';
import { type Identity, identify, productNamed, products } from '../products/index.ts';
import { lowering } from '../products/profile.ts';
import { costOf } from '../scenarios/cost.ts';
import { type Discovered, discover } from './discover.ts';
import { ReferenceGatherer } from './gather-references.ts';
import { lookerOf } from './look.ts';
import type { RunOptions } from './options.ts';
import { Session } from './session.ts';
import { UnitRunner } from './unit-runner.ts';
import { isPlain, planUnits, type Unit } from './units.ts';
import { withoutKeys } from './without-keys.ts';

const UNKNOWN: Identity = { product: null, version: null, by: null, behind: null };

/**
 * @returns the server's report; one that was broken off gives what was measured
 * @throws ServerUrlError, ModelChoiceError
 */
export async function runServer(target: ServerTarget, options: RunOptions): Promise<ServerReport> {
  const session = new Session(target, options);
  try {
    const run = new ServerRun(session, options);
    await run.all();
    return run.report();
  } finally {
    await session.wire.close();
  }
}

class ServerRun {
  readonly #startedAt = performance.now();
  readonly #session: Session;
  readonly #options: RunOptions;
  readonly #units: UnitRunner;
  #identity: Identity = UNKNOWN;
  /** What is sent and confirmed, and what the report is judged by. */
  readonly #catalogue: Catalogue;
  readonly #judgedBy: Catalogue;
  #references: References | null = null;
  #silent: readonly SilentReference[] = [];
  #statedContext: number | null = null;
  #discovered: Discovered = { models: null, entry: null };

  constructor(session: Session, options: RunOptions) {
    this.#session = session;
    this.#options = options;
    this.#units = new UnitRunner(session, options, {
      observations: () => this.#observations(),
      judge: (instead) => this.#judge(instead),
    });
    this.#catalogue = catalogueOf(options.catalogue);
    this.#judgedBy = options.judgedBy === undefined ? this.#catalogue : catalogueOf(options.judgedBy);
  }

  async all(): Promise<void> {
    const { apis, suite, selection, seed, planning } = this.#options;
    this.#doing('finding the model', 0);
    this.#discovered = await discover(this.#session);
    const units = this.#unitsOf(planUnits(apis, suite, selection, this.#catalogue, planning));
    const costs = units.map(({ api, cases }) => ({
      api,
      requests: cases.reduce((sum, id) => sum + costOf(id, seed).requests, 0),
    }));
    const planned = () =>
      costs.reduce(
        (sum, { api, requests }) => sum + (this.#units.availability.absent.has(api) ? 0 : requests),
        0,
      );
    let identified = false;
    let told = planning === 1;
    let queue = units;
    const sent: Unit[] = [];
    for (let [unit] = queue; unit !== undefined; [unit] = queue) {
      queue = queue.slice(1);
      if (!identified && unit.name !== 'text') {
        await this.#identify();
        identified = true;
      }
      if (!told && !isPlain(unit)) {
        this.#tellSoFar();
        told = true;
      }
      this.#doing(`${unit.api} ${unit.name}`, planned());
      const { api } = unit;
      const others = planning === 1 ? [] : queue.filter((later) => later.api !== api);
      if (await this.#units.run(unit, sent, others.length > 0)) sent.push(unit);
      else queue = [...others, unit, ...queue.filter((later) => later.api === api)];
    }
    if (!identified) await this.#identify();
    await this.#compare(units);
  }

  /** Of a server that was not reached nobody knows which other APIs it has: nothing is said of them. */
  #unitsOf(planned: readonly Unit[]): readonly Unit[] {
    if (!this.#stopped()) return planned;
    const sure = planned.filter(({ api }) => !apiOf(api).discovered);
    return sure.length > 0 ? sure : planned;
  }

  /** @param of about how many requests there will be; 0: that is not known yet */
  #doing(doing: string, of: number): void {
    const { target, requests } = this.#session;
    this.#options.progress({ server: target.name, done: requests, of, doing });
  }

  #tellSoFar(): void {
    if (!this.#stopped()) this.#options.soFar?.(this.report());
  }

  /** At the very end: looks at tokenizer endpoints, and retries what references found wrong. */
  async #compare(units: readonly Unit[]): Promise<void> {
    const { reference, selection, signal } = this.#options;
    const isWanted = this.#referenceChecks().some((id) => selection.check(id));
    if (reference === undefined || signal.aborted || !isWanted) return;
    this.#doing('reference counts', this.#session.requests);
    const gatherer = new ReferenceGatherer(
      this.#session,
      reference,
      this.#label(),
      this.#session.target.launched?.behind,
    );
    try {
      await gatherer.open();
      await gatherer.gather(this.#units.cases.values());
      this.#references = gatherer.references();
      this.#silent = gatherer.silent();
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
    if (this.#units.confirmations.open(first, cases).length === 0) return;
    const again = await this.#units.resend(unit);
    if (this.#stopped()) return;
    await gatherer.gather(again);
    this.#units.confirmations.compare(first, this.#referenceResults(again), cases);
  }

  #stopped(): boolean {
    return this.#session.stopped() !== null;
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
    const { label, launched } = this.#session.target;
    if (label !== null) return label;
    const { product, version } = this.#identity;
    if (launched === undefined) return { product, version };
    const known = productNamed(launched.product);
    // A gateway may pass on what the server behind it says of itself.
    const passesOn = launched.behind !== undefined || known?.gateway === true;
    const named = product === null || passesOn ? (known?.id ?? launched.product) : product;
    const told = named === product ? version : null;
    return { product: named, version: told ?? (named === launched.product ? launched.version : null) };
  }

  #identifiedBy(): string | null {
    const { label, launched } = this.#session.target;
    if (label !== null) return '--label';
    return this.#identity.by ?? (launched === undefined ? null : 'its launch');
  }

  /** The product whose accepted deviations hold; "openai": none. */
  #profile(): string {
    const { product } = this.#label();
    return this.#session.target.profile ?? (product !== null && products.has(product) ? product : 'openai');
  }

  #observations(instead: readonly CaseRecord[] = []): Observations {
    const session = this.#session;
    const cases = new Map(this.#units.cases);
    for (const record of instead) cases.set(record.key, record);
    return {
      model: session.model,
      cases,
      context: session.context,
      statedContext: this.#statedContext,
      death: session.liveness.death,
      lost: session.halt?.kind === 'lost' ? (session.halt.case ?? null) : null,
      served: this.#units.availability.served,
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
  report(): ServerReport {
    return withoutKeys(this.#report(), this.#session.redact);
  }

  #report(): ServerReport {
    const { selection } = this.#options;
    const session = this.#session;
    const forbidden =
      this.#units.availability.served.size === 0 ? this.#units.availability.forbidden : new Set<ApiId>();
    const results = this.#units.confirmations
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
      identifiedBy: this.#identifiedBy(),
      behind: this.#identity.behind,
      profile: this.#profile(),
      model: session.model,
      context: session.context,
      halt: session.stopped(),
      notServed: [...this.#units.availability.absent],
      notes: [...session.notes, ...this.#units.errors.notes()],
      ...(this.#silent.length === 0 ? {} : { silentReferences: this.#silent }),
      requests: session.requests,
      durationMs: Math.round(performance.now() - this.#startedAt),
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
