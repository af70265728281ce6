import { stat } from 'node:fs/promises';
import type { Tokenizer } from './tokenizer.ts';
import { TokenizerError } from './tokenizer-error.ts';

export type { Chat, ChatMessage, EncodeOptions, RenderOptions, Tokenizer } from './tokenizer.ts';
export { TokenizerError } from './tokenizer-error.ts';

/**
 * Opens a local tokenizer. Nothing of it is loaded before this is called, and of a GGUF file only the metadata is
 * read, however large the model.
 *
 * @param path a GGUF file, a `tokenizer.json`, or a directory with a `tokenizer.json` in it
 * @throws TokenizerError when there is no such file, when it is damaged, or when its kind cannot be counted exactly
 */
export async function loadTokenizer(path: string): Promise<Tokenizer> {
  const found = await stat(path).catch((error: unknown) => {
    throw new TokenizerError(
      path,
      'is not there; give a GGUF file, a tokenizer.json or a Hugging Face directory',
      {
        cause: error,
      },
    );
  });
  if (found.isDirectory() || path.endsWith('.json')) {
    const { loadHuggingFace } = await import('./huggingface.ts');
    return loadHuggingFace(path, found.isDirectory());
  }
  // Opening a pipe would wait for someone to write into it.
  if (!found.isFile()) throw new TokenizerError(path, 'is not a regular file; give a GGUF file');
  const { loadGguf } = await import('./load-gguf.ts');
  return loadGguf(path);
}
