/**
 * One step of a pre-tokenizer: every piece made so far is cut again.
 *
 * - `classes`: a regular expression over the text with each code point replaced by one character for its category
 *   (see `classText`); matches and what lies between them become pieces. llama.cpp works the same way.
 * - `text`: a regular expression over the text itself, its white space beyond ASCII replaced by U+000B.
 * - `digits`: cuts numbers into threes from the right. Either of all digits, where what stands in front of a number
 *   stays joined to its first group; or of ASCII digits, with a cut before each whole three.
 */
export type SplitRule =
  | { readonly over: 'classes'; readonly pattern: RegExp; readonly han?: boolean }
  | { readonly over: 'text'; readonly pattern: RegExp }
  | { readonly over: 'digits'; readonly group: 'words end with' | 'ASCII only' };

// Members of a character class in class text: ASCII stands for itself, the rest of a category is one character.
const L = 'A-Za-z\\xD2';
const N = '0-9\\xD1';
const P = '!-#%-*,-/:;?@[-\\]_{}\\xD3';
const M = '\\xD4';
const S = '$+<->^`|~\\xD5';
/** Where a rule tells Han apart: its letters, and the code points of its ranges that are no letters. */
const HAN_LETTER = '\\xD6';
const HAN_OTHER = '\\xD7';
/** White space over real text, where JavaScript's own `\s` would have U+FEFF too. */
const SPACE = '\\t-\\r ';

const CONTRACTION = "'[sStTmMdD]|'[rR][eE]|'[vV][eE]|'[lL][lL]";
const BREAKS_THEN_SPACE = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';

function classes(source: string, options: { han?: boolean } = {}): SplitRule {
  return { over: 'classes', pattern: new RegExp(source, 'g'), ...options };
}

function text(source: string): SplitRule {
  return { over: 'text', pattern: new RegExp(source, 'gu') };
}

export const gpt2Words = classes(
  `'s|'t|'re|'ve|'m|'ll|'d| ?[${L}]+| ?[${N}]+| ?[^\\s${L}${N}]+|\\s+(?!\\S)|\\s+`,
);
export const oneDigit = classes(`[${N}]`);
export const allDigits = classes(`[${N}]+`);
export const threeDigits = classes(`[${N}]{1,3}`);
export const asciiDigitTriple = text('[0-9][0-9][0-9]');
export const digitsFromRight: SplitRule = { over: 'digits', group: 'words end with' };
export const thousands: SplitRule = { over: 'digits', group: 'ASCII only' };
export const lineBreak = text('[\\r\\n]');
export const linesAndBreaks = text('[^\\n]+|\\n+');
export const punctuationRun = classes(`[${P}$+<=>^~|]+`);
export const punctuationRunWithBacktick = classes(`[${P}$+<=>^~|\`]+`);
export const punctuationMark = classes(`[${P}!-/:-@[-\`{-~]`);
export const spacedLetters = classes(`\\s?[${L}]+`);
export const spacedPunctuation = classes(`\\s?[${P}]+`);
/** `\s+$`, which by itself takes quadratic time in a long run of spaces. */
export const spaceAtEnd = text(`(?<![${SPACE}])[${SPACE}]+$`);
export const notSentenceEnd = text(
  `[ ]?[^(${SPACE}|.,!?\\u2026\\u3002\\uFF0C\\u3001\\u0964\\u06D4\\u060C)]+`,
);

/** The words of llama 3, Qwen and their kin; they differ in what a word is and in how many digits stay together. */
export function modernWords(
  digits: 'one' | 'three' | 'all',
  options: { marksInWords?: boolean; contractions?: boolean } = {},
): SplitRule {
  const marks = options.marksInWords ? M : '';
  const contraction = options.contractions === false ? '' : `${CONTRACTION}|`;
  return classes(
    `${contraction}[^\\r\\n${L}${N}]?[${L}${marks}]+|${digitGroup(digits)}| ?[^\\s${L}${marks}${N}]+[\\r\\n]*|${BREAKS_THEN_SPACE}`,
  );
}

/** Words that may change once from capitals to small letters; llama.cpp tells case apart in ASCII only. */
export function camelCaseWords(
  digits: 'one' | 'three',
  options: { marksInWords?: boolean; contractions?: boolean } = {},
): SplitRule {
  const marks = options.marksInWords ? M : '';
  const contraction = options.contractions ? `(?:${CONTRACTION})?` : '';
  const capitals = `[A-Z\\xD2${marks}]`;
  const small = `[a-z\\xD2${marks}]`;
  const before = `[^\\r\\n${L}${N}]?`;
  return classes(
    `${before}${capitals}*${small}+${contraction}|${before}${capitals}+${small}*${contraction}|` +
      `${digitGroup(digits)}| ?[^\\s${L}${N}]+[\\r\\n/]*|${BREAKS_THEN_SPACE}`,
  );
}

/** As `camelCaseWords` where llama.cpp takes no case at all into account: `\p{Lu}` and its sisters mean any letter. */
export function caselessWords(digits: 'one' | 'three'): SplitRule {
  return classes(
    `[^\\r\\n${L}${N}]?[${L}${M}]+(?:${CONTRACTION})?|${digitGroup(digits)}| ?[^\\s${L}${N}]+[\\r\\n/]*|${BREAKS_THEN_SPACE}`,
  );
}

/** DeepSeek 3 and its kin: a symbol sticks to the ASCII word behind it. */
const SYMBOL_AND_WORD = `[!-/:-@[-\`{-~][A-Za-z]+|[^\\r\\n${L}${P}${S}]?[${L}${M}]+| ?[${P}${S}]+`;
export const symbolWords = classes(`${SYMBOL_AND_WORD}[\\r\\n]*|${BREAKS_THEN_SPACE}`);
export const symbolWordsApartFromBreaks = classes(`${SYMBOL_AND_WORD}|[\\r\\n]|\\s+(?!\\S)|\\s+`);

/**
 * Line breaks are looked for once in a run of white space and not after each piece of it, which would take quadratic
 * time: where a piece of spaces was cut off, no line break follows.
 */
export const jais2Words = classes(
  `${CONTRACTION}|[^\\r\\n${L}${N}]?[${L}]+|[${N}]{1,3}| ?[^\\s${L}${N}]+[\\r\\n]*|(?<![^\\S\\r\\n])\\s*[\\r\\n]+|` +
    `${[512, 256, 128, 64, 32, 16, 8, 4].map((count) => `\\s{${count}}(?!\\S)|`).join('')}\\s{1,2}(?!\\S)|\\s`,
);
export const bailingWords = classes(
  `${CONTRACTION}|[^\\r\\n${L}${N}]?[${L}]+|[${N}]| ?[^\\s${L}${N}]+[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+`,
);
export const seedCoderWords = classes(
  `${CONTRACTION}|[^\\r\\n${L}${N}]?[${L}]+|[${N}]| ?[^\\s${L}${N}\\r\\n]+|${BREAKS_THEN_SPACE}`,
);
export const exaoneMoeWords = classes(
  `${CONTRACTION}|[^\\r\\n${L}${N}]?[${L}][${L}${M}]*(?: [${L}][${L}${M}]*)*|[${N}]| ?[^\\s${L}${N}]+[\\r\\n/]?|` +
    '\\s*[\\r\\n]|\\s+(?!\\S)|\\s+',
);
export const kimiWords = classes(
  `[${HAN_LETTER}${HAN_OTHER}]+|[^\\r\\n${L}${N}${HAN_LETTER}]?[${L}]+(?:${CONTRACTION})?|[${N}]{1,3}|` +
    ` ?[^\\s${L}${N}${HAN_LETTER}]+[\\r\\n]*|${BREAKS_THEN_SPACE}`,
  { han: true },
);

export const sentinelToken = text('<sentinel:[0-9]+>');
export const imageToken = text('IMGIMG[A-I]{1,4}Z');
export const indentation = text('[\\t\\n]|    |  ');

const KANA_AND_HAN = '\\u4E00-\\u9FA5\\u3040-\\u30FF';
export const kanaAndHan = text(`[${KANA_AND_HAN}]+`);
export const deepseekEastAsian = text('[\\u0800-\\u9FA5\\uAC00-\\uD7FF]+');
export const youtuEastAsian = text(
  '[\\uAC00-\\uD7A3\\u3131-\\u318E]+|' +
    '[\\uFF01\\u2026\\u201C\\u201D\\u2018\\u2019\\u2014\\uFF1A\\uFF1B\\uFF0C\\u3001-\\u303F\\uFE30-\\uFE4F]+|' +
    `[\\u3105-\\u312F]+|[${KANA_AND_HAN}]+`,
);
/** Scripts written without spaces. (It starts at U+8C48 where one would expect U+F900; so it is in llama.cpp.) */
export const afmoeUnspacedScripts = text(
  '[\\u4E00-\\u9FFF\\u3400-\\u4DBF\\u8C48-\\uFAFF\\u3040-\\u30FF\\uFF65-\\uFF9F\\u2F00-\\u2FDF\\u0E40-\\u0EFF' +
    '\\u1780-\\u17FF\\u1000-\\u109F\\uAA60-\\uAA7F\\uA9E0-\\uA9FF\\uAC00-\\uD7AF\\u1100-\\u11FF]+',
);
export const deepseekPunctuation = text(
  `[${SPACE}]?[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3000-\\u3002]+`,
);
/** Latin, Greek, Cyrillic, Armenian, Georgian, Cherokee and a few more alphabets, as DeepSeek LLM lists them. */
export const deepseekLetters = text(
  `[${SPACE}]?[A-Za-z\\u00B5\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BA\\u01BC-\\u01BF\\u01C4-\\u0293\\u0295-\\u02AF` +
    '\\u0370-\\u0373\\u0376\\u0377\\u037B-\\u037D\\u037F\\u0386\\u0388-\\u038A\\u038C\\u038E-\\u03A1' +
    '\\u03A3-\\u03F5\\u03F7-\\u0481\\u048A-\\u052F\\u0531-\\u0556\\u10A0-\\u10C5\\u13A0-\\u13F5' +
    '\\u13F8-\\u13FD\\u1C90-\\u1CBA\\u1CBD-\\u1CBF\\u1D00-\\u1D2B\\u1D6B-\\u1D77\\u1D79-\\u1D9A' +
    '\\u1E00-\\u1F15\\u1F18-\\u1F1D\\u1F20-\\u1F45\\u1F48-\\u1F4D\\u1F50-\\u1F57\\u1F59\\u1F5B\\u1F5D' +
    '\\u1F5F-\\u1F7D\\u1F80-\\u1FB4\\u1FB6-\\u1FBC\\u1FBE\\u1FC2-\\u1FC4\\u1FC6-\\u1FCC\\u1FD0-\\u1FD3' +
    '\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4\\u1FF6-\\u1FFC\\u2102\\u2107\\u210A-\\u2113\\u2115' +
    '\\u2119-\\u211D\\u2124\\u2126\\u2128\\u212A-\\u212D\\u212F-\\u2134\\u2139\\u213C-\\u213F' +
    '\\u2145-\\u2149\\u214E\\u2183\\u2184\\u2C00-\\u2C7B\\u2C7E-\\u2CE4\\u2CEB-\\u2CEE\\u2CF2\\u2CF3' +
    '\\uA640-\\uA66D\\uA680-\\uA69B\\uA722-\\uA76F\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF' +
    '\\uFB00-\\uFB06\\uFB13-\\uFB17\\uFF21-\\uFF3A\\uFF41-\\uFF5A\\u{10400}-\\u{1044F}' +
    '\\u{104B0}-\\u{104D3}\\u{104D8}-\\u{104FB}\\u{10C80}-\\u{10CB2}\\u{10CC0}-\\u{10CF2}' +
    '\\u{118A0}-\\u{118DF}\\u{1E900}-\\u{1E943}]+',
);

function digitGroup(digits: 'one' | 'three' | 'all'): string {
  if (digits === 'all') return `[${N}]+`;
  return digits === 'three' ? `[${N}]{1,3}` : `[${N}]`;
}
