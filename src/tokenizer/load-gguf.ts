import { GgufTokenizer } from './gguf-tokenizer.ts';
import { readGgufVocabulary } from './gguf-vocabulary.ts';
import { llamaChat } from './llama-chat.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Opens the tokenizer in a GGUF file. @throws TokenizerError */
export function loadGguf(path: string): Tokenizer {
  const tokenizer = new GgufTokenizer(readGgufVocabulary(path));
  const { algorithm, addBos, bosId } = tokenizer.vocabulary;
  return {
    describe: tokenizer.describe,
    bosId,
    addsBos: addBos || algorithm.kind === 'wordpiece',
    encode: (text, options) => tokenizer.encode(text, options),
    count: (text, options) => tokenizer.encode(text, options).length,
    // What only embeds text cannot be talked to.
    ...(algorithm.kind === 'wordpiece' ? {} : { chat: llamaChat(tokenizer) }),
  };
}
