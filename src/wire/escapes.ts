/** Reading a text with its escapes undone: those of URLs (`%2F`), JSON (`\/`, `\u002f`) and HTML (`&#47;`, `&amp;`). Pure. */

const ESCAPE =
  /%([0-9a-f]{2})|\\u([0-9a-f]{4})|\\([\\"'/bfnrt])|&#(\d{1,7});|&#x([0-9a-f]{1,6});|&(amp|lt|gt|quot|apos);/gi;

const LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

type Groups = readonly (string | undefined)[];

/** The text with each escape in it undone once; the text itself where there is none. A percent-encoded byte becomes a character. */
export function unescaped(text: string): string {
  if (!/[\\%&]/.test(text)) return text;
  return text.replace(ESCAPE, (whole: string, ...groups: Groups) => meantBy(whole, groups));
}

/** For each character of `unescaped(text)`, and for its end, the place in the text. */
export function placesOf(text: string): Uint32Array {
  const places = new Uint32Array(text.length + 1);
  let length = 0;
  let at = 0;
  const place = () => {
    places[length] = at;
    length += 1;
  };
  const copyTo = (end: number) => {
    for (; at < end; at += 1) place();
  };
  for (const match of text.matchAll(ESCAPE)) {
    copyTo(match.index);
    const meant = meantBy(match[0], match.slice(1));
    for (let unit = 0; unit < meant.length; unit += 1) place();
    at += match[0].length;
  }
  copyTo(text.length);
  places[length] = text.length;
  return places.subarray(0, length + 1);
}

function meantBy(whole: string, [byte, unit, sign, decimal, hexadecimal, entity]: Groups): string {
  const hex = byte ?? unit;
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  if (sign !== undefined) return LETTERS[sign] ?? sign;
  if (entity !== undefined) return ENTITIES[entity.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
