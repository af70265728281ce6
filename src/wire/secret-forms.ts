/** The ways in which a secret is written down by programs that say it back; escapes apart, which are undone first. Pure. */
import { unescaped } from './escapes.ts';

/** Fewer characters of base64 may stand anywhere by chance. */
const SHORTEST_BASE64 = 6;
/** The same for what is left of a secret without its escapes. */
const SHORTEST_MEANT = 4;

/** An expression that finds each of some secrets, the longest first: "Bearer abcd" before "abcd". Global. */
export function patternOf(secrets: readonly string[]): RegExp {
  const plain = new Set(secrets.flatMap(forms));
  const longestFirst = [...plain].sort((a, b) => b.length - a.length);
  // A secret within another is found in the base64 of that one, too.
  const inmost = secrets.filter(
    (one) => !secrets.some((other) => other.length < one.length && one.includes(other)),
  );
  const sources = [...longestFirst.map(asItIs), ...new Set(inmost.flatMap(inBase64))];
  return new RegExp(sources.join('|'), 'g');
}

/** As it is; as a form field; as bytes, which percent-encoding gives; and where it looks like an escape, as what that means. */
function forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret).toString('latin1');
  const meant = unescaped(secret);
  const all = [secret, bytes, meant.length < SHORTEST_MEANT ? secret : meant];
  return all.flatMap((form) => [form, form.replaceAll(' ', '+')]);
}

function asItIs(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/**
 * The base64 of any text with the secret in it (`user:password`), in either alphabet: what the secret alone makes of it,
 * for each place modulo three at which it may begin.
 */
function inBase64(secret: string): readonly string[] {
  return [0, 1, 2].flatMap((lead) => {
    const whole = Buffer.concat([Buffer.alloc(lead), Buffer.from(secret)]);
    const own = whole.toString('base64').slice(Math.ceil((lead * 8) / 6), Math.floor((whole.length * 8) / 6));
    if (own.length < SHORTEST_BASE64) return [];
    return [own.replaceAll('+', '[+-]').replaceAll('/', '[/_]')];
  });
}
