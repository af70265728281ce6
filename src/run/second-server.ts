/** A second server (`--reference-server`): the same requests, sent to it without streaming. */

import { type Counts, wholeCounts } from '../model/answer.ts';
import type { Api } from '../model/api.ts';
import type { ChoiceFacts } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';
import { outcomeOf } from '../model/outcome.ts';
import { requestKey } from '../references/counted-request.ts';
import { discover, whyNone } from './discover.ts';
import type { RunOptions } from './options.ts';
import { Session } from './session.ts';

export interface SecondAnswer {
  readonly counts: Counts;
  readonly choices: readonly ChoiceFacts[];
}

export class SecondServer {
  readonly #session: Session;
  readonly #answers = new Map<string, Promise<SecondAnswer | null>>();
  #counted = false;
  #whyNot: string | null = null;

  private constructor(session: Session) {
    this.#session = session;
  }

  /**
   * @param url of the second server; no header of the server under test goes to it
   * @param model asked for where the second server lists several, or none
   * @returns why it can't be used, or the server
   * @throws ServerUrlError
   */
  static async open(url: string, model: string | null, options: RunOptions): Promise<SecondServer | string> {
    const { transport: _ofTheServerUnderTest, ...rest } = options;
    const target = { name: 'reference server', url, model: null, headers: {}, label: null, profile: null };
    // What it is asked is told as the run of the server under test.
    const session = new Session(target, { ...rest, progress: () => {} });
    await discover(session, model);
    if (session.halt === null) return new SecondServer(session);
    await session.wire.close();
    // The URL may hold a key.
    return session.halt.message.replaceAll(url, session.server.origin + session.server.prefix);
  }

  /** null where it does not answer with counts. */
  ask(api: Api, body: JsonObject): Promise<SecondAnswer | null> {
    const key = requestKey(api.id, body);
    const answer = this.#answers.get(key) ?? this.#ask(api, body);
    this.#answers.set(key, answer);
    return answer;
  }

  async #ask(api: Api, body: JsonObject): Promise<SecondAnswer | null> {
    const { model: _theirs, ...own } = api.unstreamed(body);
    const exchange = await this.#session.ask(api, 'nonstream', own, 'reference');
    const outcome = outcomeOf(exchange, api, 'nonstream', this.#session.model);
    const given = outcome.kind === 'whole' ? outcome.answer : null;
    const counts = given?.counts ? wholeCounts(given.counts) : null;
    if (counts === null) this.#whyNot ??= whyNone(exchange);
    else this.#counted = true;
    return counts === null ? null : { counts, choices: given?.choices ?? [] };
  }

  /** What its first answer was, where it was asked and never gave counts; null otherwise. */
  silence(): string | null {
    return this.#counted ? null : this.#whyNot;
  }

  close(): Promise<void> {
    return this.#session.wire.close();
  }
}
