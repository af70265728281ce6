import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Tokenizer as HuggingFaceEngine } from '@huggingface/tokenizers';
import { isRecord } from './chat-messages.ts';
import { huggingFaceChat } from './huggingface-chat.ts';
import { makeExact } from './huggingface-parts.ts';
import type { EncodeOptions, Tokenizer } from './tokenizer.ts';
import { TokenizerError } from './tokenizer-error.ts';

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
  // Files of the first years leave the type out; the library would guess wrong.
  model.type ??= Array.isArray(model.merges) ? 'BPE' : undefined;
  makeExact(file, definition, model.type);
  const config = (await readJson(join(directory, 'tokenizer_config.json'))) ?? {};
  const specialTokens = { ...(await readJson(join(directory, 'special_tokens_map.json'))), ...config };
  const engines = new Engines(file, definition, config);

  const encode = (text: string, options: EncodeOptions = {}): number[] => {
    try {
      const engine = options.parseSpecial ? engines.withSpecial : engines.withoutSpecial;
      return engine.encode(text, { add_special_tokens: options.addSpecial ?? false }).ids;
    } catch (error) {
      throw new TokenizerError(file, `cannot tokenize this text (${messageOf(error)})`, { cause: error });
    }
  };
  const bosToken = contentOf(specialTokens.bos_token);
  const bosId = bosToken === undefined ? undefined : encode(bosToken, { parseSpecial: true })[0];
  const chat = await huggingFaceChat(directory, config, specialTokens, encode);
  return {
    describe: `huggingface: ${String(model.type)}, ${engines.size} tokens`,
    bosId,
    addsBos: bosId !== undefined && encode('', { addSpecial: true })[0] === bosId,
    encode,
    count: (text, options) => encode(text, options).length,
    ...(chat ? { chat } : {}),
  };
}

/** The text of a special token, which files give as text or as an object with its settings. */
export function contentOf(token: unknown): string | undefined {
  if (typeof token === 'string') return token;
  return isRecord(token) && typeof token.content === 'string' ? token.content : undefined;
}

/** A JSON object from a file; undefined where there is no such file. @throws TokenizerError */
export async function readJson(file: string): Promise<Record<string, unknown> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new TokenizerError(file, `cannot be read (${messageOf(error)})`, { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed)) return parsed;
  } catch (error) {
    throw new TokenizerError(file, `is not JSON (${messageOf(error)}); get the file again`, { cause: error });
  }
  throw new TokenizerError(file, 'holds no JSON object; get the file again');
}

/** The library's engine twice, each made when first needed: with and without its special tokens. */
class Engines {
  readonly #file: string;
  readonly #definition: Record<string, unknown>;
  readonly #config: Record<string, unknown>;
  #all: HuggingFaceEngine | undefined;
  #plain: HuggingFaceEngine | undefined;

  constructor(file: string, definition: Record<string, unknown>, config: Record<string, unknown>) {
    this.#file = file;
    this.#definition = definition;
    this.#config = config;
  }

  get withSpecial(): HuggingFaceEngine {
    this.#all ??= this.#make(this.#added());
    return this.#all;
  }

  get withoutSpecial(): HuggingFaceEngine {
    this.#plain ??= this.#make(this.#added().filter((token) => !(isRecord(token) && token.special === true)));
    return this.#plain;
  }

  get size(): number {
    const model = this.#definition.model;
    const vocabulary = isRecord(model) ? model.vocab : undefined;
    const known = new Set(isRecord(vocabulary) ? Object.keys(vocabulary) : []);
    for (const token of this.#added()) known.add(contentOf(token) ?? '');
    return Array.isArray(vocabulary) ? vocabulary.length : known.size;
  }

  #added(): unknown[] {
    const added = this.#definition.added_tokens;
    return Array.isArray(added) ? added : [];
  }

  #make(addedTokens: unknown[]): HuggingFaceEngine {
    const absent = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
    try {
      return new HuggingFaceEngine(
        { ...absent, ...this.#definition, added_tokens: addedTokens },
        this.#config,
      );
    } catch (error) {
      throw new TokenizerError(
        this.#file,
        `has a part that cannot be done here (${messageOf(error)}); use a GGUF file of the model`,
        {
          cause: error,
        },
      );
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
