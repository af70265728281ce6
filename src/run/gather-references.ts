/**
 * Gathers reference counts once everything else has been sent: looking at endpoints must change no verdict. Judging them
 * is for the checks.
 */
import semver from 'semver';
import { apiOf } from '../apis/index.ts';
import { type Answer, answerOf, endOf } from '../model/answer.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { CaseRecord } from '../model/observations.ts';
import { outcomeOf } from '../model/outcome.ts';
import {
  type Reference,
  type References,
  type SilentReference,
  type SourceId,
  sourceIds,
} from '../model/reference.ts';
import type { LaunchedProduct } from '../model/report.ts';
import { productNamed } from '../products/index.ts';
import type { CountedProduct } from '../products/product.ts';
import { promptKey } from '../references/counted-request.ts';
import { type LocalRules, localPrompt } from '../references/local.ts';
import { endpointsOf, type ReferenceOptions } from '../references/options.ts';
import { answerKey } from '../references/references.ts';
import { notRetokenisable } from '../references/retokenise.ts';
import { Retokeniser } from '../references/retokeniser.ts';
import { secondCompletion, secondPrompt } from '../references/second-server.ts';
import { givenByAnswer, silentReferences } from '../references/silent.ts';
import { returnedIds } from '../references/token-ids.ts';
import { askerFor, type BoundedAsker } from './endpoint-asker.ts';
import { SecondServer } from './second-server.ts';
import type { Session } from './session.ts';

interface Sent {
  readonly record: CaseRecord;
  readonly answer: Answer;
  readonly body: JsonObject;
}

/** A version that is not known, or not told, may be one that does. */
function rendersOtherTemplate(product: CountedProduct | null, version: string | null): boolean {
  const own = product?.counting?.ownTemplate;
  if (own === undefined) return false;
  if (own === false) return true;
  const comparable = version === null ? null : (product?.comparable?.(version) ?? null);
  return comparable === null || !semver.satisfies(comparable, own);
}

/** Keeps what was gathered: a second call looks only at what is new. */
export class ReferenceGatherer {
  readonly #session: Session;
  readonly #options: ReferenceOptions;
  readonly #product: CountedProduct | null;
  /** How prompts are counted by what counts them. */
  readonly #rules: Omit<LocalRules, 'rendered'>;
  readonly #asker: BoundedAsker;
  readonly #prompts = new Map<string, readonly Reference[]>();
  readonly #completions = new Map<string, readonly Reference[]>();
  readonly #retokenised = new Map<string, Reference>();
  #second: SecondServer | null = null;
  /** Why the second server can't be used; null where it can, or none was named. */
  #unusable: string | null = null;
  /** Sources of which a count came. */
  readonly #given = new Set<SourceId>();
  #answers = 0;

  /**
   * @param server under test; where its product is not known no endpoint is asked
   * @param behind what a gateway stands in front of: its counts are passed on
   */
  constructor(
    session: Session,
    options: ReferenceOptions,
    server: { readonly product: string | null; readonly version: string | null },
    behind?: LaunchedProduct,
  ) {
    this.#session = session;
    this.#options = options;
    this.#product = productNamed(server.product);
    const counting = behind === undefined ? this.#product : productNamed(behind.product);
    this.#rules = {
      ...counting?.counting,
      otherTemplate: rendersOtherTemplate(counting, (behind ?? server).version),
    };
    this.#asker = askerFor(session);
  }

  /** @throws ServerUrlError where the second server's URL is none */
  async open(): Promise<void> {
    const { serverUrl } = this.#options;
    if (serverUrl === null || !this.#may('server')) return;
    const opened = await SecondServer.open(serverUrl, this.#session.model, this.#session.options);
    if (typeof opened === 'string') this.#unusable = `the reference server can't be used: ${opened}`;
    else this.#second = opened;
  }

  async close(): Promise<void> {
    await this.#second?.close();
  }

  /** A request for a reference was left unanswered. */
  disturbed(): boolean {
    return this.#asker.disturbed();
  }

  references(): References {
    return {
      sources: new Set(this.#options.sources ?? sourceIds),
      prompts: this.#prompts,
      completions: this.#completions,
      retokenised: this.#retokenised,
    };
  }

  async gather(records: Iterable<CaseRecord>): Promise<void> {
    for (const record of records) {
      for (const sent of answersOf(record, this.#session.model)) {
        await this.#prompt(sent);
        await this.#completion(sent);
        this.#answers += 1;
        for (const source of givenByAnswer(sent.answer)) this.#given.add(source);
      }
    }
    const gathered = [...this.#prompts.values(), ...this.#completions.values(), this.#retokenised.values()];
    for (const references of gathered) for (const { source } of references) this.#given.add(source);
  }

  /** The references that were named and gave nothing; none where there was no answer to compare with them. */
  silent(): readonly SilentReference[] {
    if (this.#answers === 0 || this.#session.options.signal.aborted) return [];
    const silence = this.#second?.silence() ?? null;
    const secondServer =
      this.#unusable ?? (silence === null ? null : `the reference server gave no counts (${silence})`);
    return silentReferences(this.#options, this.#given, { product: this.#product, secondServer });
  }

  #may(source: SourceId): boolean {
    return this.#options.sources?.includes(source) ?? true;
  }

  #endpoints() {
    if (!this.#may('endpoint') || this.#session.halt !== null) return null;
    return endpointsOf(this.#product, this.#options.sources);
  }

  async #prompt({ answer, body }: Sent): Promise<void> {
    const api = answer.id.api;
    const key = promptKey(api, body);
    const { prompt } = answer.asked;
    if (prompt === null || this.#prompts.has(key)) return;
    const endpoints = this.#endpoints();
    const found: Reference[] = [...((await endpoints?.count(prompt, this.#asker)) ?? [])];
    const { tokenizer } = this.#options;
    if (tokenizer !== null && this.#may('tokenizer')) {
      const rendered = (await endpoints?.render?.(prompt, this.#asker)) ?? null;
      const local = localPrompt(tokenizer, prompt, { ...this.#rules, rendered });
      if (local !== null) found.push(local);
    }
    if (this.#second !== null && prompt.kind !== 'ids' && prompt.hiddenBy === null) {
      const said = await this.#second.ask(apiOf(api), body);
      if (said !== null) found.push(secondPrompt(said.counts.prompt));
    }
    this.#prompts.set(key, found);
  }

  async #completion({ answer, body }: Sent): Promise<void> {
    const api = answer.id.api;
    const key = answerKey(api, body, answer.choices);
    if (!this.#completions.has(key)) {
      const found = [await this.#idsOf(answer, body), await this.#secondOf(answer, body, key)];
      this.#completions.set(
        key,
        found.filter((reference) => reference !== null),
      );
    }
    if (this.#retokenised.has(key) || notRetokenisable(answer) !== null) return;
    const { prompt } = answer.asked;
    const text = answer.choices[0]?.text ?? '';
    if (prompt === null || prompt.kind === 'ids') return;
    const local = this.#may('tokenizer') ? this.#options.tokenizer : null;
    const again = await new Retokeniser(local, this.#endpoints(), this.#asker).count(prompt, text);
    if (again !== null) this.#retokenised.set(key, again);
  }

  /** The same request once more, for the ids of its tokens; where it is answered otherwise it says nothing. */
  async #idsOf(answer: Answer, body: JsonObject): Promise<Reference | null> {
    const asked = this.#may('ids') && this.#session.halt === null ? this.#product?.tokenIdFields : undefined;
    if (asked === undefined || answer.choices.some((choice) => endOf(answer, choice) === 'limit'))
      return null;
    const { id } = answer;
    const exchange = await this.#session.follow(answer.api, id.mode, { ...body, ...asked });
    const outcome = outcomeOf(exchange, answer.api, id.mode, this.#session.model);
    const choices =
      outcome.kind === 'stream'
        ? outcome.stream.choices
        : outcome.kind === 'whole'
          ? (outcome.answer.choices ?? [])
          : [];
    if (answerKey(id.api, body, choices) !== answerKey(id.api, body, answer.choices)) return null;
    return returnedIds(choices);
  }

  async #secondOf(answer: Answer, body: JsonObject, key: string): Promise<Reference | null> {
    const api = answer.id.api;
    const { stopStrings, prompt } = answer.asked;
    const hidden = prompt !== null && prompt.kind !== 'ids' && prompt.hiddenBy !== null;
    if (this.#second === null || stopStrings.length > 0 || hidden) return null;
    const said = await this.#second.ask(apiOf(api), body);
    if (said === null || answerKey(api, body, said.choices) !== key) return null;
    return secondCompletion(said.counts.completion);
  }
}

/** The answers of a case that carry its own body. */
function answersOf(record: CaseRecord, model: string | null): readonly Sent[] {
  if (record.state.kind !== 'sent' || record.state.material.kind !== 'plain') return [];
  const { id } = record;
  return record.state.material.exchanges.flatMap((exchange): readonly Sent[] => {
    const { body } = exchange.request;
    if (!isJsonObject(body)) return [];
    const api = apiOf(id.api);
    const answer = answerOf(exchange, outcomeOf(exchange, api, id.mode, model), api, id);
    return answer === null ? [] : [{ record, body, answer }];
  });
}
