import type { SplitRule } from './split-rules.ts';
import * as rules from './split-rules.ts';

/** What `tokenizer.ggml.pre` decides, beside the cutting of text into words. */
export interface PreTokenizer {
  readonly rules: readonly SplitRule[];
  /** A word that is a token as it stands is not looked at further. */
  readonly ignoreMerges?: true;
  /** A beginning-of-text token is added unless the file says otherwise. */
  readonly addBos?: true;
  /** As `addBos`, and the file has no say. */
  readonly alwaysAddBos?: true;
  /** Without a key of its own in the file the model has no beginning-of-text token at all. */
  readonly noDefaultBos?: true;
  /** Tokens are stored as plain UTF-8 with U+2581 for spaces, not in GPT-2's byte alphabet. */
  readonly plainText?: true;
  /** A run of line breaks that is a token as it stands is not looked at further. */
  readonly wholeBreaks?: true;
}

const llama3 = [rules.modernWords('three')];
const qwen2 = [rules.modernWords('one')];
const starcoder = [rules.oneDigit, rules.gpt2Words];
const gpt2 = [rules.gpt2Words];
const gpt4o = [rules.camelCaseWords('three', { contractions: true })];
const bloom = [rules.notSentenceEnd];
const deepseek3 = [rules.threeDigits, rules.kanaAndHan, rules.symbolWords];

/**
 * The pre-tokenizers of llama.cpp by the name in the file (src/llama-vocab.cpp, `llama_vocab::impl::load` for the
 * names and `llm_tokenizer_bpe` for the rules, as of 2026). A name that is not here is refused; of llama.cpp's own
 * that is only `whitespace`, which belongs to another kind of tokenizer.
 */
const TABLE: readonly (readonly [names: string, preTokenizer: PreTokenizer])[] = [
  ['default', { rules: [rules.punctuationRun, rules.gpt2Words, rules.allDigits, rules.asciiDigitTriple] }],
  [
    'llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano',
    { rules: llama3, ignoreMerges: true, addBos: true },
  ],
  ['dbrx smaug-bpe', { rules: llama3 }],
  ['chatglm-bpe', { rules: llama3, noDefaultBos: true }],
  ['glm4 glm5', { rules: llama3, noDefaultBos: true, ignoreMerges: true }],
  ['minicpm5', { rules: [rules.threeDigits, rules.modernWords('all')], ignoreMerges: true }],
  ['jais-2', { rules: [rules.jais2Words] }],
  [
    'deepseek-llm',
    {
      rules: [
        rules.lineBreak,
        rules.deepseekLetters,
        rules.deepseekPunctuation,
        rules.spaceAtEnd,
        rules.deepseekEastAsian,
        rules.allDigits,
      ],
    },
  ],
  [
    'deepseek-coder',
    {
      rules: [
        rules.lineBreak,
        rules.spacedLetters,
        rules.spacedPunctuation,
        rules.deepseekEastAsian,
        rules.oneDigit,
      ],
    },
  ],
  ['deepseek-v3 hunyuan-dense hy_v4 joyai-llm', { rules: deepseek3 }],
  [
    'spark2_5',
    { rules: [rules.threeDigits, rules.kanaAndHan, rules.symbolWordsApartFromBreaks, rules.oneDigit] },
  ],
  ['youtu', { rules: [rules.youtuEastAsian, rules.caselessWords('one')], ignoreMerges: true }],
  ['falcon', { rules: [rules.punctuationRunWithBacktick, rules.gpt2Words, rules.asciiDigitTriple] }],
  ['starcoder refact command-r smollm codeshell exaone minerva-7b mellum2', { rules: starcoder }],
  [
    'gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum modern-bert exaone4 ' +
      'jina-v1-en jina-v2-code roberta-bpe mpt olmo jais trillion granite-docling',
    { rules: gpt2 },
  ],
  ['qwen2 deepseek-r1-qwen kormo f2llmv2 stablelm2 megrez hunyuan solar-open grok-2', { rules: qwen2 }],
  ['qwen35', { rules: [rules.modernWords('one', { marksInWords: true })] }],
  ['ufakzeka', { rules: [rules.modernWords('one', { contractions: false })] }],
  ['laguna', { rules: [rules.linesAndBreaks, ...qwen2] }],
  ['bloom poro-chat gpt3-finnish', { rules: bloom }],
  ['viking', { rules: [...bloom, rules.oneDigit] }],
  ['tekken', { rules: [rules.camelCaseWords('one')], ignoreMerges: true, addBos: true }],
  ['gpt-4o llama4 kanana2 talkie minimax-m2', { rules: gpt4o }],
  [
    'granite-embed-multi-97m',
    {
      rules: [rules.camelCaseWords('three', { contractions: true, marksInWords: true })],
      ignoreMerges: true,
    },
  ],
  ['tiny_aya cohere2moe', { rules: [rules.digitsFromRight, rules.caselessWords('three')] }],
  ['afmoe', { rules: [rules.digitsFromRight, rules.afmoeUnspacedScripts, rules.symbolWords] }],
  ['superbpe', { rules: [rules.allDigits, rules.thousands] }],
  ['bailingmoe bailingmoe2 llada-moe', { rules: [rules.bailingWords] }],
  ['seed-coder', { rules: [rules.seedCoderWords] }],
  ['exaone-moe', { rules: [rules.exaoneMoeWords] }],
  ['kimi-k2', { rules: [rules.kimiWords] }],
  [
    'chameleon',
    {
      rules: [
        rules.sentinelToken,
        rules.imageToken,
        rules.indentation,
        rules.oneDigit,
        rules.punctuationMark,
        rules.gpt2Words,
      ],
      addBos: true,
    },
  ],
  [
    'gemma4 granite-embed-multi-311m',
    { rules: [rules.linesAndBreaks], plainText: true, wholeBreaks: true, alwaysAddBos: true },
  ],
  ['sarvam-moe', { rules: [rules.linesAndBreaks], plainText: true }],
];

const BY_NAME = new Map(
  TABLE.flatMap(([names, value]) => names.split(' ').map((name) => [name, value] as const)),
);

/** The pre-tokenizer that llama.cpp uses for this `tokenizer.ggml.pre`, or undefined where it has none. */
export function preTokenizerNamed(name: string): PreTokenizer | undefined {
  return BY_NAME.get(name);
}

/** All names, for messages and tests. */
export function preTokenizerNames(): readonly string[] {
  return [...BY_NAME.keys()];
}
