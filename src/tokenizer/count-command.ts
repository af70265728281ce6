import { readFile } from 'node:fs/promises';
import { isRecord } from './chat-messages.ts';
import { loadTokenizer, TokenizerError } from './index.ts';

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
  let ids: number[];
  if (options.messages === undefined) {
    const text = await textToCount(options, streams.stdin);
    ids = tokenizer.encode(text, {
      parseSpecial: options.special ?? false,
      addSpecial: options.bos ?? false,
    });
  } else {
    if (!tokenizer.chat) {
      throw new TokenizerError(
        options.tokenizer,
        'has no chat template; count plain text, or put a chat_template.jinja beside it',
      );
    }
    const { messages, tools } = await readConversation(options.messages);
    ids = tokenizer.chat.ids(messages, tools ? { tools } : {});
  }
  streams.out(`${options.ids ? ids.join(' ') : ids.length}\n`);
}

async function textToCount({ text, file }: CountOptions, stdin: NodeJS.ReadableStream): Promise<string> {
  if (text !== undefined) return text;
  if (file !== undefined) return decoded(file, await readBytes(file));
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(typeof part === 'string' ? Buffer.from(part) : part);
  return decoded('standard input', Buffer.concat(parts));
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
): Promise<{ messages: Record<string, unknown>[]; tools?: unknown[] }> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(decoded(file, await readBytes(file)));
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
  const tools = isRecord(parsed) ? parsed.tools : undefined;
  return Array.isArray(tools) ? { messages, tools } : { messages };
}

async function readBytes(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: unknown) => {
    throw new TokenizerError(
      file,
      `cannot be read (${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  });
}
