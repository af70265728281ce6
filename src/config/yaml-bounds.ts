/** What a text in YAML may hold, found without making anything of it: a parser's work grows faster than the text. */
import { CST, Lexer } from 'yaml';

const MOST_TOKENS = 250_000;
const MOST_ALIASES = 100;
const MOST_LEVELS = 100;

export interface OutOfBounds {
  /** Where in the text. */
  readonly offset: number;
  readonly what: string;
}

/** The first bound that the text is beyond; null where it is within all. */
export function outOfBounds(text: string): OutOfBounds | null {
  let [offset, tokens, aliases, flowLevel, levelInLine] = [0, 0, 0, 0, 0];
  let isContent = false;
  for (const token of new Lexer().lex(text)) {
    const type: string | null = isContent ? 'content' : CST.tokenType(token);
    // Marks of the lexer's own stand before a scalar, at a document's start and after a fault.
    const isMark = !isContent && MARKS.has(token);
    isContent = type === 'scalar';
    tokens += 1;
    if (type === 'alias') aliases += 1;
    else if (type === 'flow-map-start' || type === 'flow-seq-start') flowLevel += 1;
    else if (type === 'flow-map-end' || type === 'flow-seq-end') flowLevel -= 1;
    else if (type === 'seq-item-ind' || type === 'explicit-key-ind') levelInLine += 1;
    else if (type === 'newline') levelInLine = 0;
    if (tokens > MOST_TOKENS) return { offset, what: 'more in it than a config file has' };
    if (aliases > MOST_ALIASES) return { offset, what: `over ${MOST_ALIASES} aliases (*)` };
    if (flowLevel + levelInLine > MOST_LEVELS) return { offset, what: 'nested too deeply' };
    if (!isMark) offset += token.length;
  }
  return null;
}

const MARKS: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);
