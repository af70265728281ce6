/** A refusal that names the least value of a limit, and the limits that are sent from then on. Pure. */
import type { Api } from '../model/api.ts';
import type { Exchange } from '../model/exchange.ts';
import { isJsonObject } from '../model/json.ts';
import type { Outcome } from '../model/outcome.ts';

/** A larger one is not met: the prompts' answers are to stay short. */
const MOST = 256;

const LEAST =
  /(>=|\bat least|\bgreater than or equal to|\bminimum of|\bgreater than)[^\w-]{0,3}(\d[\d,]*)(?!\w|\.\d)/gi;

/** The limits that count as forced: the smaller becomes the least one, the other its double. */
const SHORTER = 8;
const LONGER = 16;

/** All least values that a text names. */
function valuesIn(reason: string): readonly number[] {
  return [...reason.matchAll(LEAST)].flatMap(([, words = '', digits = '']) => {
    const named = Number(digits.replaceAll(',', ''));
    return named > MOST ? [] : [words.toLowerCase() === 'greater than' ? named + 1 : named];
  });
}

/** The least limit that a refusal names, where it is over the one that was sent; null where it names none. */
export function leastNamed(exchange: Exchange, api: Api, outcome: Outcome): number | null {
  const sent = limitOf(exchange, api);
  if (sent === null || outcome.kind !== 'refused') return null;
  return valuesIn(outcome.reason).find((value) => value > sent) ?? null;
}

/** Whether a refusal names this value although no less was sent: then it is about something else than the limit. */
export function isAboutElse(least: number, exchange: Exchange, api: Api, outcome: Outcome): boolean {
  const sent = limitOf(exchange, api);
  if (sent === null || sent < least || outcome.kind !== 'refused') return false;
  return valuesIn(outcome.reason).includes(least);
}

function limitOf({ request: { body } }: Exchange, api: Api): number | null {
  return isJsonObject(body) ? (api.readRequest(body).limit?.tokens ?? null) : null;
}

/** @param least null: the server has named none */
export function raised(limit: number, least: number | null): number {
  if (least === null) return limit;
  return Math.max(limit, limit === LONGER ? 2 * least : least);
}

/** What is sent from now on, for people. */
export function raiseInWords(least: number): string {
  const forced = raisesAll(least)
    ? `${least} is sent in place of ${SHORTER}, ${2 * least} in place of ${LONGER}`
    : `${least} is sent in place of less`;
  return `limits under ${least} are refused: ${forced}`;
}

/** Whether it changes the limits that most requests have. */
export const raisesAll = (least: number | null): boolean => raised(SHORTER, least) > SHORTER;
