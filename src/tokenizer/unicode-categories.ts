import { CATEGORY_RUNS } from './unicode-category-runs.ts';

/** General categories by their first letter, as bytes of `categories()`. */
export const CATEGORY = {
  unassigned: 0x55,
  number: 0x4e,
  letter: 0x4c,
  separator: 0x5a,
  mark: 0x4d,
  punctuation: 0x50,
  symbol: 0x53,
  control: 0x43,
} as const;

const CODE_POINTS = 0x110000;
let table: Uint8Array | undefined;

/** One byte for each code point, a value of `CATEGORY`; unpacked at the first call. */
export function categories(): Uint8Array {
  table ??= unpack();
  return table;
}

function unpack(): Uint8Array {
  const unpacked = new Uint8Array(CODE_POINTS);
  let codePoint = 0;
  for (const [, letter = 'U', run = ''] of CATEGORY_RUNS.matchAll(/([A-Z])([0-9a-z]*)/g)) {
    const end = codePoint + (run === '' ? 1 : Number.parseInt(run, 36));
    unpacked.fill(letter.charCodeAt(0), codePoint, end);
    codePoint = end;
  }
  return unpacked;
}

/** The white space of Unicode (property White_Space): JavaScript's `\s` has U+FEFF too and lacks U+0085. */
export function isWhiteSpace(codePoint: number): boolean {
  if (codePoint < 0x80) return codePoint === 0x20 || (codePoint >= 0x09 && codePoint <= 0x0d);
  if (codePoint < 0x1680) return codePoint === 0x85 || codePoint === 0xa0;
  if (codePoint >= 0x2000 && codePoint <= 0x200a) return true;
  return (
    codePoint === 0x1680 ||
    codePoint === 0x2028 ||
    codePoint === 0x2029 ||
    codePoint === 0x202f ||
    codePoint === 0x205f ||
    codePoint === 0x3000
  );
}

/** The ranges that llama.cpp takes for Han (`unicode_cpt_is_han`), assigned or not. */
export function isHan(codePoint: number): boolean {
  return (
    (codePoint >= 0x4e00 && codePoint <= 0x9fff) ||
    (codePoint >= 0x3400 && codePoint <= 0x4dbf) ||
    (codePoint >= 0x20000 && codePoint <= 0x2a6df) ||
    (codePoint >= 0x2a700 && codePoint <= 0x2ebef) ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    (codePoint >= 0x2f800 && codePoint <= 0x2fa1f)
  );
}

/** The first code point of the lower case, for code points that Unicode 15.1 knows; else the same. */
export function lowerCase(codePoint: number): number {
  return firstOf(String.fromCodePoint(codePoint).toLowerCase(), codePoint);
}

/** The first code point of the canonical decomposition: an accented letter becomes the bare one. */
export function baseCharacter(codePoint: number): number {
  return firstOf(String.fromCodePoint(codePoint).normalize('NFD'), codePoint);
}

/** A Node with a newer Unicode knows more pairs than llama.cpp: those it must not use. */
function firstOf(text: string, codePoint: number): number {
  const first = text.codePointAt(0) ?? codePoint;
  const known = categories();
  return known[codePoint] === CATEGORY.unassigned || known[first] === CATEGORY.unassigned ? codePoint : first;
}
