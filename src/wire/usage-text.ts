import type { Api } from '../model/api.ts';
import type { UsageText } from '../model/exchange.ts';
import { visitMembers } from '../text/json-members.ts';
import { boundedText, ownText, type Redact } from './bounded.ts';

const MAX_EACH = 8;
const PLAIN_INTEGER = /^(?:0|[1-9]\d*)$/;

/** How the usage in this text is written; null where the API does not say where to look. */
export function readUsageText(api: Api, text: string, redact: Redact): UsageText | null {
  const places = api.usagePlaces;
  if (places === undefined) return null;
  const notPlain: Array<readonly [string, string]> = [];
  const repeated: string[] = [];
  const kept = (piece: string) => boundedText(ownText(piece, 256), redact);
  visitMembers(text, places.isObject, (member) => {
    const { path, number } = member;
    if (member.repeated && repeated.length < MAX_EACH) repeated.push(kept(path.join('.')));
    if (number === '' || PLAIN_INTEGER.test(number) || notPlain.length >= MAX_EACH) return;
    if (places.isCount(path)) notPlain.push([kept(path.join('.')), kept(number)]);
  });
  return { notPlain, repeated };
}
