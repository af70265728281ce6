/** Finds where a server's API hangs and which model it serves. */

import { UserError } from '../model/errors.ts';
import type { Exchange } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { refusalReason } from '../model/outcome.ts';
import { redactUrl } from '../wire/redact.ts';
import { endpointRoots, endpointUrl } from '../wire/url.ts';
import { describe } from './liveness.ts';
import type { Session } from './session.ts';
import { isPage, pageInstead } from './web-page.ts';

/** The command line is wrong: several models, or one that can't be told. */
export class ModelChoiceError extends UserError {
  override readonly name = 'ModelChoiceError';
}

/** The model list, as far as it could be read. */
export interface Discovered {
  readonly models: JsonObject | null;
  readonly entry: JsonObject | null;
}

function entriesOf(value: unknown): readonly JsonObject[] {
  const list = isJsonObject(value) ? (value.data ?? value.models) : value;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** Characters: some servers name a model by the path of its file. */
const LONGEST_NAME = 4096;

/** null for one that is too long to be sent with each request. */
const nameOf = (entry: JsonObject): string | null => {
  const name = entry.id ?? entry.model ?? entry.name;
  return typeof name === 'string' && name !== '' && name.length <= LONGEST_NAME ? name : null;
};

function jsonOf({ reply }: Exchange): unknown {
  return reply.kind === 'response' && reply.status === 200 && reply.body.kind === 'json'
    ? reply.body.value
    : undefined;
}

/** Asks for the model list at each place it may be, until one has it. */
async function findList(session: Session): Promise<{ root: string; exchange: Exchange } | null> {
  let first: { root: string; exchange: Exchange } | null = null;
  for (const root of endpointRoots(session.server)) {
    const exchange = await session.lookAt(
      endpointUrl(session.server, root, '/models'),
      session.pace.patience(),
    );
    first ??= { root, exchange };
    if (entriesOf(jsonOf(exchange)).length > 0) return { root, exchange };
    if (exchange.reply.kind !== 'response') break;
  }
  return first;
}

/**
 * Sets the session's root and model.
 * @param otherwise the model to ask for where a server answers and does not tell which; null: none is known, and naming
 *   one is advised
 * @throws ModelChoiceError where several models are listed and none was named
 */
export async function discover(session: Session, otherwise: string | null = null): Promise<Discovered> {
  const { waitMs, modelFlag = '--model' } = session.options;
  const until = performance.now() + waitMs;
  let found = await findList(session);
  while (performance.now() < until && !session.options.signal.aborted && notYet(found?.exchange)) {
    session.options.progress({
      server: session.target.name,
      done: session.requests,
      of: 0,
      doing: session.redact(`waiting for it to answer (${whyNone(found?.exchange)})`),
      waitMs,
    });
    await session.pause(500);
    found = await findList(session);
  }
  const roots = endpointRoots(session.server);
  session.root = found?.root ?? roots[0] ?? '';
  const exchange = found?.exchange;
  const reply = exchange?.reply;
  if (session.options.signal.aborted) return { models: null, entry: null };
  if (reply === undefined || reply.kind === 'unreachable') {
    session.stop({
      kind: 'unreached',
      message: reply === undefined ? 'not reached' : advised(reply.message),
    });
    return { models: null, entry: null };
  }
  session.onlyPages = exchange !== undefined && isPage(exchange);
  const value = exchange === undefined ? undefined : jsonOf(exchange);
  const entries = entriesOf(value);
  const names = [...new Set(entries.flatMap((entry) => nameOf(entry) ?? []))];
  if (session.model === null && session.halt === null) {
    const [only, ...more] = names;
    if (more.length > 0 && otherwise === null) {
      const shown = names
        .slice(0, 8)
        .map((name) => JSON.stringify(name))
        .join(', ');
      throw new ModelChoiceError(
        session.redact(
          `${session.target.name} lists ${names.length} models; name one with ${modelFlag}: ${shown}`,
        ),
      );
    }
    const refused = reply.kind === 'response' && reply.status === 401;
    const tellsNone = reply.kind !== 'response' || refused || (reply.status >= 300 && reply.status < 400);
    session.model = more.length > 0 ? otherwise : (only ?? (tellsNone ? null : otherwise));
    if (session.model === null) {
      session.stop({
        kind: refused ? 'unauthorized' : 'unreached',
        message: noModel(session, exchange, refused, otherwise === null ? modelFlag : null),
      });
    }
  }
  const models = isJsonObject(value) ? value : null;
  return { models, entry: entries.find((entry) => nameOf(entry) === session.model) ?? null };
}

/** Why there is no model to ask for, with what helps. @param modelFlag null where to name one is of no use */
function noModel(
  session: Session,
  exchange: Exchange | undefined,
  refused: boolean,
  modelFlag: string | null,
): string {
  const place = redactUrl(session.target.url);
  const why = whyNone(exchange);
  if (refused && session.sendsKey) return `the key was refused at ${place} (${why}); is it the right one?`;
  if (refused)
    return `${place} wants a key (${why})${modelFlag === null ? '' : '; give one with --api-key-env NAME'}`;
  if (exchange !== undefined && isPage(exchange)) return pageInstead(place);
  const status = exchange?.reply.kind === 'response' ? exchange.reply.status : null;
  const advice =
    status === 404 ? `is that its address? if so, name one with ${modelFlag}` : `name one with ${modelFlag}`;
  return `no model found at ${place} (${why})${modelFlag === null ? '' : `; ${advice}`}`;
}

/** The fault with advice, where it has none of its own. */
function advised(fault: string): string {
  return /\?$|--\w/.test(fault) ? fault : `${fault}; is it running, and is that its address?`;
}

/** "HTTP 404: no such path", "HTTP 301 to https://…"; a server's address without its s is a common slip. */
export function whyNone(exchange: Exchange | undefined): string {
  if (exchange === undefined) return '';
  const { reply } = exchange;
  const place =
    reply.kind === 'response' && reply.status >= 300 && reply.status < 400 && reply.headers.location;
  if (place) return `${describe(exchange)}, a redirect to ${redactUrl(place)}: give that address`;
  const stopped = reply.kind === 'response' && reply.body.ending.kind === 'stopped';
  const reason = stopped ? null : refusalReason(exchange);
  return reason === null ? describe(exchange) : `${describe(exchange)}: ${reason}`;
}

/** A server that is still starting: nobody listens, it says 503, or the gateway before it finds nobody. */
function notYet(exchange: Exchange | undefined): boolean {
  if (exchange === undefined || exchange.reply.kind !== 'response') return true;
  return [502, 503, 504].includes(exchange.reply.status);
}
