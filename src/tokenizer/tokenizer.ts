import type { ChatMessage } from './chat-messages.ts';

export type { ChatMessage } from './chat-messages.ts';

/** What is counted beside the text itself. */
export interface EncodeOptions {
  /** Text that is a special token, such as `<|im_end|>`, becomes that token. Default: it is plain text. */
  readonly parseSpecial?: boolean;
  /** Adds what the model puts around a text, such as a beginning-of-text token. Default: nothing. */
  readonly addSpecial?: boolean;
}

/** What a chat template is given beside the messages. */
export interface RenderOptions {
  /** Tools as in a request body. */
  readonly tools?: readonly unknown[];
  /**
   * Whether the prompt ends with the opening of an answer. Left out, it does as the server: yes, unless the last
   * message is the assistant's, which is then continued.
   */
  readonly addGenerationPrompt?: boolean;
  /** Further variables of the template, such as those of `chat_template_kwargs`. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Makes and counts the prompt of a conversation. */
export interface Chat {
  /** `default-chatml`: the model has no template, and llama.cpp's default is used. */
  readonly source: 'model' | 'default-chatml';
  /** The prompt as text, without the tokens that the tokenizer adds itself. @throws TokenizerError */
  render(messages: readonly ChatMessage[], options?: RenderOptions): string;
  /** The tokens of the prompt, with what the tokenizer adds. @throws TokenizerError */
  ids(messages: readonly ChatMessage[], options?: RenderOptions): number[];
  /** The number of tokens of the prompt: what `usage.prompt_tokens` should be. @throws TokenizerError */
  count(messages: readonly ChatMessage[], options?: RenderOptions): number;
  /** Why the server may count these messages otherwise, in a few words; undefined where the count is exact. */
  doubt(messages: readonly ChatMessage[], options?: RenderOptions): string | undefined;
}

/** Counts the tokens of texts, and of conversations where there is a chat template. */
export interface Tokenizer {
  /** One line for people, such as `gguf: llama SPM, 512 tokens`. */
  readonly describe: string;
  /** The beginning-of-text token, where there is one. */
  readonly bosId: number | undefined;
  /** Whether `addSpecial` puts that token in front. */
  readonly addsBos: boolean;
  /** The tokens of a text. @throws TokenizerError where the text cannot be tokenized */
  encode(text: string, options?: EncodeOptions): number[];
  /** The number of tokens of a text. @throws TokenizerError where the text cannot be tokenized */
  count(text: string, options?: EncodeOptions): number;
  /** Missing where there is no chat template and no rule for doing without one. */
  readonly chat?: Chat;
}
