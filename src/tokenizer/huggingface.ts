import { dirname, join } from 'node:path';
import { withinTime } from '../text/time-limit.ts';
import { isRecord } from './chat-messages.ts';
import { huggingFaceChat } from './huggingface-chat.ts';
import { HuggingFaceEncoder } from './huggingface-encoder.ts';
import { contentOf, messageOf, readJson } from './huggingface-files.ts';
import type { EncodeOptions, Tokenizer } from './tokenizer.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** Real ones take 2 to 8 ms for 1,000 characters; a hostile pattern may never end. */
const MOST_MS = 3_000;
const MOST_MS_PER_CHARACTER = 0.1;
/** To open one: the largest takes some 5 s. */
const MOST_MS_TO_OPEN = 60_000;

/**
 * Opens a Hugging Face tokenizer: `tokenizer.json`, and beside it, where they are there, `tokenizer_config.json`,
 * `special_tokens_map.json` and the chat template.
 *
 * @param path the directory or the `tokenizer.json`
 * @throws TokenizerError when a file is missing or damaged, or a part of the tokenizer cannot be done exactly
 */
export async function loadHuggingFace(path: string, isDirectory: boolean): Promise<Tokenizer> {
  const directory = isDirectory ? path : dirname(path);
  const file = isDirectory ? join(path, 'tokenizer.json') : path;
  const definition = await readJson(file);
  if (!definition) {
    throw new TokenizerError(
      file,
      'is not there; give a directory with a tokenizer.json in it, or a GGUF file',
    );
  }
  const model = definition.model;
  if (!isRecord(model))
    throw new TokenizerError(file, 'has no "model" in it, so it is no tokenizer.json; give the right file');
  const encoder = encoderOf(file, definition, model);
  const config = (await readJson(join(directory, 'tokenizer_config.json'))) ?? {};
  const specialTokens = { ...(await readJson(join(directory, 'special_tokens_map.json'))), ...config };

  let tooSlow = false;
  const encode = (text: string, options?: EncodeOptions): number[] => {
    const ms = Math.ceil(MOST_MS + text.length * MOST_MS_PER_CHARACTER);
    try {
      const done = tooSlow ? undefined : withinTime(ms, () => encoder.encode(text, options));
      if (done) return done.value;
    } catch (error) {
      throw new TokenizerError(file, `cannot tokenize this text (${messageOf(error)})`, { cause: error });
    }
    // Many texts are counted: a tokenizer that was stopped once is not used again.
    tooSlow = true;
    throw new TokenizerError(
      file,
      `was stopped after ${ms} ms over a text of ${text.length} characters; use a GGUF file of the model`,
    );
  };
  const bosToken = contentOf(specialTokens.bos_token);
  const bosId = bosToken === undefined ? undefined : encoder.idOf(bosToken);
  const chat = await huggingFaceChat(directory, config, specialTokens, encode);
  return {
    describe: `huggingface: ${encoder.model}, ${encoder.size} tokens`,
    bosId,
    addsBos: bosId !== undefined && encode('', { addSpecial: true })[0] === bosId,
    encode,
    count: (text, options) => encode(text, options).length,
    ...(chat ? { chat } : {}),
  };
}

function encoderOf(
  file: string,
  definition: Record<string, unknown>,
  model: Record<string, unknown>,
): HuggingFaceEncoder {
  const refuse = (part: string): never => {
    throw new TokenizerError(
      file,
      `has the ${part}, which cannot be done exactly here; use a GGUF file of the model`,
    );
  };
  try {
    const opened = withinTime(MOST_MS_TO_OPEN, () => new HuggingFaceEncoder(definition, model, refuse));
    if (opened !== undefined) return opened.value;
  } catch (error) {
    if (error instanceof TokenizerError) throw error;
    throw new TokenizerError(
      file,
      `has a part that cannot be done here (${messageOf(error)}); use a GGUF file of the model`,
      { cause: error },
    );
  }
  throw new TokenizerError(
    file,
    `was stopped after ${MOST_MS_TO_OPEN / 1000} s of opening it; use a GGUF file of the model`,
  );
}
