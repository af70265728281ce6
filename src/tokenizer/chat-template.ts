import { Interpreter, Template } from '@huggingface/jinja';
import { withinTime } from '../text/time-limit.ts';
import { LONGEST_TEXT } from './longest-text.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** Real templates take some ms; a hostile one may never end. */
const MOST_MS = 3_000;
const LONGEST_LIST = 1_000_000;
/** Of a text that a template makes or looks at. V8 ends the process where a replacement makes over 2^26 pieces. */
const LONGEST_MADE = LONGEST_TEXT / 4;

/** A chat template, ready to be filled in. */
export interface ChatTemplate {
  readonly source: string;
  /** Fills it in. @throws TokenizerError when the template refuses these messages or cannot be run here */
  render(values: Readonly<Record<string, unknown>>): string;
}

/** Whose string functions a template gets: llama.cpp's work on ASCII only, Python's on all of Unicode. */
export type Dialect = 'llama.cpp' | 'python';

/**
 * Compiles a Jinja chat template. The library's string functions are neither Python's nor llama.cpp's (they trim
 * U+FEFF, and ignore the argument of `strip`), so they are replaced by our own.
 *
 * @param file the file the template comes from, for messages
 * @throws TokenizerError when the template cannot be parsed
 */
export function compileChatTemplate(file: string, source: string, dialect: Dialect): ChatTemplate {
  const functions = FUNCTIONS[dialect];
  let template: Template | undefined;
  try {
    template = withinTime(MOST_MS, () => parse(source, functions))?.value;
  } catch (error) {
    // The parser reads past the last token of a template that was cut off.
    const why = error instanceof Error && error.name === 'TypeError' ? 'it ends too early' : messageOf(error);
    throw new TokenizerError(
      file,
      `has a chat template that cannot be parsed (${why}); count plain text instead`,
      {
        cause: error,
      },
    );
  }
  return {
    source,
    render(values) {
      const prepared = template;
      if (!prepared) throw tooSlow(file);
      let prompt: string | undefined;
      try {
        const render = () => prepared.render({ ...values, ...functions });
        prompt = withBoundedValues(() => withinTime(MOST_MS, render))?.value;
      } catch (error) {
        throw new TokenizerError(
          file,
          `its chat template refuses these messages or cannot be run here (${messageOf(error)}); change them or count plain text`,
          {
            cause: error,
          },
        );
      }
      if (prompt === undefined) {
        // Its abilities are found by rendering many times: a template that was stopped once is not rendered again.
        template = undefined;
        throw tooSlow(file);
      }
      return prompt;
    },
  };
}

const { evaluate } = Interpreter.prototype;

function boundedEvaluate(this: Interpreter, ...given: Parameters<typeof evaluate>) {
  const result = evaluate.apply(this, given);
  const { value } = result;
  if (typeof value === 'string' && value.length > LONGEST_MADE)
    throw new Error(`a text of ${value.length} characters`);
  if (Array.isArray(value) && value.length > LONGEST_LIST)
    throw new Error(`a list of ${value.length} values`);
  return result;
}

/**
 * A value that is doubled a few dozen times takes all memory before its time is up. `Template` makes an interpreter of the
 * library's own, and what it brings with it is not exported: so its evaluation is bounded while `run` runs.
 */
function withBoundedValues<T>(run: () => T): T {
  Interpreter.prototype.evaluate = boundedEvaluate;
  try {
    return run();
  } finally {
    Interpreter.prototype.evaluate = evaluate;
  }
}

function parse(source: string, functions: StringFunctions): Template {
  const template = new Template(source);
  replaceStringFunctions(template.parsed, functions);
  return template;
}

function tooSlow(file: string): TokenizerError {
  return new TokenizerError(
    file,
    `its chat template was stopped after ${MOST_MS} ms; count plain text, or get the file again`,
  );
}

type StringFunctions = Readonly<Record<string, (...values: never[]) => unknown>>;

/** The library's own makes a list of any length, which ends Node when memory does. */
function range(...bounds: number[]): number[] {
  const [start = 0, stop = 0, step = 1] = bounds.length === 1 ? [0, ...bounds] : bounds;
  const length = step === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil((stop - start) / step));
  if (!(length <= LONGEST_LIST)) throw new Error(`range() of ${length} numbers`);
  return Array.from({ length }, (_, index) => start + index * step);
}

/** Our functions by dialect, under names that no template can write. */
const FUNCTIONS: Readonly<Record<Dialect, StringFunctions>> = {
  'llama.cpp': {
    ...stripFunctions('\t\n\v\f\r '),
    // Python splits at any white space where no separator is given.
    '%split': (text: unknown) => String(text).split(' '),
    '%upper': (text: unknown) => String(text).replace(/[a-z]/g, (letter) => letter.toUpperCase()),
    '%lower': (text: unknown) => String(text).replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  },
  python: stripFunctions(
    '\t\n\v\f\r\x1C\x1D\x1E\x1F \x85\xA0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A' +
      '\u2028\u2029\u202F\u205F\u3000',
  ),
};

function stripFunctions(whiteSpace: string): StringFunctions {
  const strip = (text: unknown, characters: unknown, left: boolean, right: boolean): string => {
    const set = typeof characters === 'string' ? characters : whiteSpace;
    const letters = [...String(text ?? '')];
    let start = 0;
    let end = letters.length;
    while (left && start < end && set.includes(letters[start] ?? '')) start += 1;
    while (right && end > start && set.includes(letters[end - 1] ?? '')) end -= 1;
    return letters.slice(start, end).join('');
  };
  return {
    '%range': range,
    '%strip': (text: unknown, characters: unknown) => strip(text, characters, true, true),
    '%lstrip': (text: unknown, characters: unknown) => strip(text, characters, true, false),
    '%rstrip': (text: unknown, characters: unknown) => strip(text, characters, false, true),
  };
}

type Node = Record<string, unknown> & { readonly type: string };

/**
 * Rewrites, in place, `x|trim`, `x.strip(…)`, `range(…)` and their like into calls of our functions; and lets loops and
 * `length` take what is undefined for empty, as Jinja does.
 */
function replaceStringFunctions(node: object, functions: StringFunctions): void {
  for (const [key, child] of Object.entries(node)) {
    if (typeof child !== 'object' || child === null) continue;
    replaceStringFunctions(child, functions);
    const call = isNode(child) ? ownCall(child, functions) : undefined;
    if (call) Object.assign(node, { [key]: call });
    else if (isNode(child)) forgiveUndefined(child);
  }
}

function forgiveUndefined(node: Node): void {
  const { filter, iterable } = node;
  if (node.type === 'FilterExpression' && isNode(filter) && filter.value === 'length') {
    Object.assign(node, { operand: orElse(node.operand, { type: 'StringLiteral', value: '' }) });
  } else if (node.type === 'For' && isNode(iterable)) {
    const empty = { type: 'ArrayLiteral', value: [] };
    if (iterable.type === 'SelectExpression') Object.assign(iterable, { lhs: orElse(iterable.lhs, empty) });
    else Object.assign(node, { iterable: orElse(iterable, empty) });
  }
}

function orElse(left: unknown, right: Node): Node {
  return { type: 'BinaryExpression', operator: { value: 'or' }, left, right };
}

function ownCall(node: Node, functions: StringFunctions): Node | undefined {
  if (node.type === 'FilterExpression') {
    const filter = node.filter;
    if (!isNode(filter) || filter.type !== 'Identifier') return undefined;
    const name = filter.value === 'trim' ? '%strip' : `%${String(filter.value)}`;
    return name in functions ? callOf(name, [node.operand]) : undefined;
  }
  if (node.type !== 'CallExpression') return undefined;
  const { callee, args } = node;
  if (isNode(callee) && callee.type === 'Identifier' && callee.value === 'range' && Array.isArray(args))
    return callOf('%range', args);
  if (!isNode(callee) || callee.type !== 'MemberExpression' || callee.computed || !Array.isArray(args))
    return undefined;
  const property = callee.property;
  if (!isNode(property) || property.type !== 'Identifier') return undefined;
  const name = `%${String(property.value)}`;
  if (!(name in functions) || (name === '%split' && args.length > 0)) return undefined;
  return callOf(name, [callee.object, ...args]);
}

function callOf(name: string, args: readonly unknown[]): Node {
  return { type: 'CallExpression', callee: { type: 'Identifier', value: name }, args };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
