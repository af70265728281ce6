import type { SplitRule } from './split-rules.ts';
import { CATEGORY, categories, isHan, isWhiteSpace } from './unicode-categories.ts';

const VERTICAL_TAB = 0x0b;
const DIGIT_CLASS = 0xd1;
/** What stands for a code point beyond ASCII in class text; llama.cpp's own choice, and of no meaning in itself. */
const CLASS_CHARACTER: ReadonlyMap<number, number> = new Map([
  [CATEGORY.number, DIGIT_CLASS],
  [CATEGORY.letter, 0xd2],
  [CATEGORY.punctuation, 0xd3],
  [CATEGORY.mark, 0xd4],
  [CATEGORY.symbol, 0xd5],
]);
const ANY_OTHER = 0xd0;
const HAN_LETTER = 0xd6;
const HAN_OTHER = 0xd7;

/**
 * Cuts text into the words that byte-pair encoding may not merge across.
 *
 * @param text well-formed (no lone surrogates)
 * @returns the ends of the words as indexes into `text`, in order; empty words are left out
 */
export function wordEnds(text: string, rules: readonly SplitRule[]): number[] {
  const points = new CodePoints(text);
  let ends: number[] = [points.count];
  for (const rule of rules) ends = splitAgain(points, ends, rule);
  return points.toTextIndexes(ends);
}

function splitAgain(points: CodePoints, ends: readonly number[], rule: SplitRule): number[] {
  const cut: number[] = [];
  let start = 0;
  for (const end of ends) {
    if (rule.over === 'digits') cutDigits(points, start, end, rule.group === 'ASCII only', cut);
    else if (rule.over === 'text') cutText(points, start, end, rule.pattern, cut);
    else cutMatches(points.classText(rule.han ?? false).slice(start, end), start, rule.pattern, cut);
    if (cut.at(-1) !== end) cut.push(end);
    start = end;
  }
  return cut;
}

/** Adds the borders of all matches; a piece is cut out first, as a match must not look beyond it. */
function cutMatches(piece: string, start: number, pattern: RegExp, cut: number[]): void {
  let last = start;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(piece); match; match = pattern.exec(piece)) {
    const from = start + match.index;
    const to = from + match[0].length;
    if (from > last) cut.push(from);
    if (to > from) cut.push(to);
    else pattern.lastIndex += 1;
    last = to;
  }
}

function cutText(points: CodePoints, start: number, end: number, pattern: RegExp, cut: number[]): void {
  if (points.count === points.text.length) {
    cutMatches(points.plainText().slice(start, end), start, pattern, cut);
    return;
  }
  const from = points.textIndex(start);
  const borders: number[] = [];
  cutMatches(points.plainText().slice(from, points.textIndex(end)), from, pattern, borders);
  let point = start;
  let at = from;
  for (const border of borders) {
    for (; at < border; at = points.textIndex(point)) point += 1;
    cut.push(point);
  }
}

/** Groups of three counted from the right end of each number, as `SplitRule` describes them. */
function cutDigits(points: CodePoints, start: number, end: number, asciiOnly: boolean, cut: number[]): void {
  const digits = points.classText(false);
  const isDigit = (at: number): boolean => {
    const code = digits.charCodeAt(at);
    return (code >= 0x30 && code <= 0x39) || (!asciiOnly && code === DIGIT_CLASS);
  };
  for (let at = start; at < end; at += 1) {
    if (!isDigit(at)) continue;
    let after = at;
    while (after < end && isDigit(after)) after += 1;
    const odd = (after - at) % 3;
    const first = at + (asciiOnly ? odd : odd || 3);
    const last = asciiOnly ? after - 1 : after;
    for (let group = first; group <= last; group += 3) if (group > start) cut.push(group);
    at = after - 1;
  }
}

/** A text by its code points, with the two forms of it that the rules look at; each is made when first asked for. */
class CodePoints {
  readonly text: string;
  readonly count: number;
  readonly #points: Uint32Array | undefined;
  #classTexts: [plain: string | undefined, han: string | undefined] = [undefined, undefined];
  #plainText: string | undefined;
  /** Where each code point starts in the text; left out where that is its own number. */
  readonly #starts: Uint32Array | undefined;

  constructor(text: string) {
    this.text = text;
    if (!/[\uD800-\uDBFF]/.test(text)) {
      this.count = text.length;
      return;
    }
    const points = new Uint32Array(text.length);
    const starts = new Uint32Array(text.length + 1);
    let count = 0;
    for (let at = 0; at < text.length; count += 1) {
      const point = text.codePointAt(at) ?? 0;
      points[count] = point;
      starts[count] = at;
      at += point > 0xffff ? 2 : 1;
    }
    starts[count] = text.length;
    this.count = count;
    this.#points = points;
    this.#starts = starts;
  }

  textIndex(point: number): number {
    return this.#starts ? (this.#starts[point] ?? this.text.length) : point;
  }

  toTextIndexes(points: readonly number[]): number[] {
    const known = points.filter((point) => point > 0);
    return this.#starts ? known.map((point) => this.textIndex(point)) : known;
  }

  plainText(): string {
    this.#plainText ??= this.text.replace(
      /[\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/g,
      '\u000B',
    );
    return this.#plainText;
  }

  classText(han: boolean): string {
    const which = han ? 1 : 0;
    const known = this.#classTexts[which];
    if (known !== undefined) return known;
    const characters = Buffer.alloc(this.count);
    const table = categories();
    for (let index = 0; index < this.count; index += 1) {
      const point = this.#points ? (this.#points[index] ?? 0) : this.text.charCodeAt(index);
      characters[index] = point < 0x80 ? point : classCharacter(point, table, han);
    }
    const made = characters.toString('latin1');
    this.#classTexts[which] = made;
    return made;
  }
}

function classCharacter(point: number, table: Uint8Array, han: boolean): number {
  if (isWhiteSpace(point)) return VERTICAL_TAB;
  const category = table[point] ?? CATEGORY.unassigned;
  if (han && isHan(point)) return category === CATEGORY.letter ? HAN_LETTER : HAN_OTHER;
  return CLASS_CHARACTER.get(category) ?? ANY_OTHER;
}
