import { createReadStream } from 'node:fs';
import { isRecord } from './chat-messages.ts';
import { loadTokenizer, type Tokenizer, TokenizerError } from './index.ts';
import { LONGEST_TEXT } from './longest-text.ts';
import { MessagesError } from './tokenizer-error.ts';

/** The options of `lastchunk count`. */
export interface CountOptions {
  /** A GGUF file, a `tokenizer.json`, or a Hugging Face directory. */
  readonly tokenizer: string;
  /** Text to count. Of `text`, `file` and `messages` at most one; with none, standard input is counted. */
  readonly text?: string;
  /** A file with the text to count, taken byte for byte. */
  readonly file?: string;
  /** A JSON file: a list of messages, or an object with `messages` and perhaps `tools`, such as a request body. */
  readonly messages?: string;
  /** Text that is a special token counts as that token. */
  readonly special?: boolean;
  /** Counts what the model adds around a text. */
  readonly bos?: boolean;
  /** Prints the ids on one line instead of their number. */
  readonly ids?: boolean;
}

/** What the command reads from and writes to. */
export interface CountStreams {
  readonly stdin: NodeJS.ReadableStream;
  out(text: string): void;
  /** Takes a remark about the count, on one line. */
  note(text: string): void;
}

/**
 * Counts the tokens of a text or of a conversation, and prints the number (or the ids) on one line.
 *
 * @throws TokenizerError for everything the user can mend: a missing file, a tokenizer that cannot be done exactly,
 *   text that is not UTF-8, messages that are not as they should be
 */
export async function runCount(options: CountOptions, streams: CountStreams): Promise<void> {
  const inputs = [options.text, options.file, options.messages].filter((input) => input !== undefined);
  if (inputs.length > 1)
    throw new TokenizerError('count', 'takes one of --text, --file and --messages; leave the others out');
  const tokenizer = await loadTokenizer(options.tokenizer);
  const ids =
    options.messages === undefined
      ? tokenizer.encode(await textToCount(options, streams.stdin), {
          parseSpecial: options.special ?? false,
          addSpecial: options.bos ?? false,
        })
      : await conversationIds(tokenizer, options.tokenizer, options.messages, streams);
  streams.out(`${options.ids ? ids.join(' ') : ids.length}\n`);
}

async function conversationIds(
  { chat }: Tokenizer,
  path: string,
  file: string,
  streams: CountStreams,
): Promise<number[]> {
  if (!chat) throw new TokenizerError(path, 'has no chat template; count plain text instead');
  const { messages, tools } = await readConversation(file);
  try {
    const ids = chat.ids(messages, { tools });
    if (chat.source === 'default-chatml')
      streams.note("the model has no chat template: counted with llama.cpp's default, ChatML");
    const doubt = chat.doubt(messages, { tools });
    if (doubt !== undefined) streams.note(`the server may count otherwise: ${doubt}`);
    return ids;
  } catch (error) {
    if (error instanceof MessagesError) throw new TokenizerError(file, error.problem, { cause: error });
    throw error;
  }
}

async function textToCount({ text, file }: CountOptions, stdin: NodeJS.ReadableStream): Promise<string> {
  if (text !== undefined) return text;
  if (file !== undefined) return decoded(file, await bytesOf(file, createReadStream(file)));
  return decoded('standard input', await bytesOf('standard input', stdin));
}

/** Bytes as text, a byte-order mark and the last line break kept. What is not UTF-8 cannot be in a request either. */
function decoded(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new TokenizerError(name, 'is not UTF-8 text; convert it first', { cause: error });
  }
}

async function readConversation(
  file: string,
): Promise<{ messages: Record<string, unknown>[]; tools: unknown[] }> {
  let parsed: unknown;
  try {
    // Some editors write a byte-order mark.
    const text = decoded(file, await bytesOf(file, createReadStream(file)));
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof TokenizerError) throw error;
    throw new TokenizerError(
      file,
      `is not JSON (${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  }
  const messages = isRecord(parsed) ? parsed.messages : parsed;
  if (!Array.isArray(messages) || !messages.every(isRecord)) {
    throw new TokenizerError(
      file,
      'holds no messages; give a JSON list of them, or an object with "messages"',
    );
  }
  const tools = (isRecord(parsed) ? parsed.tools : undefined) ?? [];
  if (!Array.isArray(tools))
    throw new TokenizerError(file, 'has "tools" that are no list; mend or leave them out');
  return { messages, tools };
}

async function bytesOf(name: string, stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of stream) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      size += bytes.length;
      if (size > LONGEST_TEXT)
        throw new TokenizerError(name, `has over ${LONGEST_TEXT} bytes; count it in parts`);
      parts.push(bytes);
    }
  } catch (error) {
    if (error instanceof TokenizerError) throw error;
    throw new TokenizerError(
      name,
      `cannot be read (${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  }
  return Buffer.concat(parts);
}
