import type { ChatTemplate } from './chat-template.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** What a template can be given. llama.cpp finds out by watching it run; here its output is looked at. */
export interface TemplateAbilities {
  /** A content that is text shows in the prompt. */
  readonly textContent: boolean;
  /** A content that is a list of parts shows in the prompt. */
  readonly partsContent: boolean;
  /** A first message of the role `system` shows in the prompt. */
  readonly systemRole: boolean;
  /** The arguments of a tool call may be an object, which is then preferred over JSON text. */
  readonly objectArguments: boolean;
  /** What `enable_thinking` is set to; `unsure` where it matters and llama.cpp may see it the other way. */
  readonly thinking: 'on' | 'off' | 'unsure';
}

/** Templates for which llama.cpp has code of its own that turns thinking on, told by a text in them. */
const THINKING_FAMILIES = [
  '<|channel|>',
  "'<|tool_call>call:'",
  '<|tool_calls_section_begin|>',
  '<|tool_list_start|>',
];

const MARK = 'lastchunk-probe';

/** The prompt of some messages; undefined where the template refuses them. */
type Prompt = (messages: readonly unknown[], more?: Readonly<Record<string, unknown>>) => string | undefined;

/** Tries a template out with small conversations. */
export function abilitiesOf(template: ChatTemplate): TemplateAbilities {
  const prompt: Prompt = (messages, more = {}) => {
    const fixed = { tools: [], bos_token: '', eos_token: '', add_generation_prompt: true };
    try {
      return template.render({ messages, ...fixed, ...more });
    } catch (error) {
      if (error instanceof TokenizerError) return undefined;
      throw error;
    }
  };
  const user = { role: 'user', content: 'x' };
  const shows = (messages: readonly unknown[]): boolean => prompt(messages)?.includes(MARK) ?? false;
  const parts = prompt([{ role: 'user', content: [{ type: 'text', text: MARK }] }]) ?? '';
  const call = { id: 'call00001', type: 'function', function: { name: 'tool1', arguments: { arg: MARK } } };
  const toolTurns = [
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', content: 'y', tool_call_id: 'call00001' },
    { role: 'assistant', content: 'z' },
  ];
  return {
    textContent: shows([{ role: 'user', content: MARK }]),
    // A template that knows text only may still print the list as it stands.
    partsContent:
      parts.includes(MARK) &&
      !/['"]text['"]/.test(parts) &&
      prompt([{ role: 'user', content: [] }]) !== undefined,
    systemRole: shows([{ role: 'system', content: MARK }, user]),
    objectArguments: shows([user, ...toolTurns, user]),
    thinking: thinkingOf(template.source, user, prompt),
  };
}

/**
 * The server turns thinking on where it finds a place for thoughts: in an answer that has some, or at the end of the
 * prompt when the switch is moved.
 */
function thinkingOf(source: string, user: unknown, prompt: Prompt): TemplateAbilities['thinking'] {
  const off = prompt([user], { enable_thinking: false, tools: undefined });
  const on = prompt([user], { enable_thinking: true, tools: undefined });
  if (on === undefined || off === undefined) return 'unsure';
  if (on === off || THINKING_FAMILIES.some((mark) => source.includes(mark))) return 'on';
  const answer = { role: 'assistant', content: 'z', reasoning_content: MARK };
  const shown = prompt([user, answer], { enable_thinking: true, add_generation_prompt: false });
  return shown?.includes(MARK) || goesOn(on, off) || goesOn(off, on) ? 'on' : 'unsure';
}

/** Whether `longer` has the end of `prompt` in it and something after that. */
function goesOn(prompt: string, longer: string): boolean {
  const end = prompt.slice(-64);
  const at = longer.lastIndexOf(end);
  return at >= 0 && longer.slice(at + end.length).trim() !== '';
}
