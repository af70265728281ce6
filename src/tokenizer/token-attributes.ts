import type { ByteStringIndex } from './byte-string-index.ts';
import type { PackedStrings } from './packed-strings.ts';

/** What a token is, as bits; one token may be several things. */
export const ATTRIBUTE = {
  unknown: 1,
  normal: 2,
  control: 4,
  userDefined: 8,
  unused: 16,
  byte: 32,
  /** White space in front of the token belongs to it. */
  takesSpaceBefore: 64,
  /** White space behind the token belongs to it. */
  takesSpaceAfter: 128,
} as const;

/** One byte for each token, bits of `ATTRIBUTE`. */
export type TokenAttributes = Uint8Array;

/** `tokenizer.ggml.token_type` by number; what is not listed has no attribute at all. */
const BY_TYPE: readonly number[] = [
  0,
  ATTRIBUTE.normal,
  ATTRIBUTE.unknown,
  ATTRIBUTE.control,
  ATTRIBUTE.userDefined,
  ATTRIBUTE.unused,
  ATTRIBUTE.byte,
];

/** Texts that llama.cpp makes control tokens whatever the file says, as they end a generation. */
const END_TEXTS =
  '<|eot_id|> <|im_end|> <|end|> <|return|> <|call|> <|flush|> <|calls|> <end_of_turn> <|endoftext|> </s> <|eom_id|> ' +
  '<EOT> _<EOT> [EOT] [EOS] <|end_of_text|> <end_of_utterance> <eos> <turn|> <|tool_response> <｜end▁of▁sentence｜> [e~[';

/**
 * Texts for filling in the middle: the first of a group found is made a control token, where the file names none.
 * (Which is first is left to a hash table in llama.cpp; that could show only in a vocabulary that has two of a group,
 * neither of them marked as a control token.)
 */
const FILL_IN_TEXTS: readonly (readonly [idNames: readonly string[], texts: string])[] = [
  [
    ['fim_pre_token_id', 'prefix_token_id'],
    '<|fim_prefix|> <fim-prefix> <fim_prefix> <｜fim▁begin｜> <PRE> ▁<PRE> <|code_prefix|> <|prefix|>',
  ],
  [
    ['fim_suf_token_id', 'suffix_token_id'],
    '<|fim_suffix|> <fim-suffix> <fim_suffix> <｜fim▁hole｜> <SUF> ▁<SUF> <|code_suffix|> <|suffix|>',
  ],
  [
    ['fim_mid_token_id', 'middle_token_id'],
    '<|fim_middle|> <fim-middle> <fim_middle> <｜fim▁end｜> <MID> ▁<MID> <|code_middle|> <|middle|>',
  ],
  [['fim_pad_token_id'], '<|fim_pad|> <fim-pad> <fim_pad> <PAD> [PAD]'],
  [['fim_rep_token_id'], '<|fim_repo|> <|repo_name|> <fim-repo> <REPO> <reponame>'],
  [['fim_sep_token_id'], '<|file_sep|>'],
];

/** gpt-oss: looked for in every text, even where special tokens are not. */
const HARMONY_TEXTS = '<|channel|> <|message|> <|start|> <|constrain|>';

/** What the attributes of a vocabulary are worked out from. */
export interface AttributeSources {
  readonly types: Float64Array | undefined;
  readonly tokens: PackedStrings;
  readonly index: ByteStringIndex;
  readonly generalName: string;
  readonly architecture: string;
  readonly preName: string;
  /** Whether the file names an id, such as `fim_pre_token_id`. */
  hasId(name: string): boolean;
  /** The ids that end a generation, as far as the file names them. */
  readonly endIds: readonly (number | undefined)[];
}

/**
 * The attributes of all tokens: the types in the file, then what llama.cpp overrides by the text of a token
 * (`llama_vocab::impl::load`), since files are known to be wrong there.
 */
export function tokenAttributes(sources: AttributeSources): TokenAttributes {
  const { tokens, index, types } = sources;
  const attributes = new Uint8Array(tokens.count).fill(ATTRIBUTE.normal);
  if (types) for (let id = 0; id < tokens.count; id += 1) attributes[id] = BY_TYPE[types[id] ?? 0] ?? 0;

  const idOf = (text: string): number => {
    const bytes = new TextEncoder().encode(text);
    return index.find(bytes, 0, bytes.length);
  };
  const update = (id: number, change: (old: number) => number): void => {
    if (id >= 0) attributes[id] = change(attributes[id] ?? 0);
  };
  const makeControl = (id: number): void => update(id, (old) => old | ATTRIBUTE.control);

  for (const text of END_TEXTS.split(' ')) makeControl(idOf(text));
  for (const [names, texts] of FILL_IN_TEXTS) {
    if (names.some((name) => sources.hasId(name))) continue;
    makeControl(
      texts
        .split(' ')
        .map(idOf)
        .find((id) => id >= 0) ?? -1,
    );
  }
  for (const text of HARMONY_TEXTS.split(' ')) update(idOf(text), () => ATTRIBUTE.userDefined);
  const has = (text: string): boolean => idOf(text) >= 0;
  const endsByCall = (has('<|return|>') && (has('<|call|>') || has('<|calls|>'))) || has('<|flush|>');
  if (endsByCall && (has('<|call|>') || has('<|calls|>')))
    update(idOf('<|end|>'), () => ATTRIBUTE.userDefined);
  const plamoEnd = idOf('<|plamo:eos|>');
  if (has('<|tool_response>') || (plamoEnd >= 0 && sources.endIds.includes(plamoEnd))) {
    update(idOf('</s>'), () => ATTRIBUTE.normal);
  }
  addStripping(sources, attributes, idOf, update);
  return attributes;
}

/** Which tokens swallow the white space beside them is not in the file: llama.cpp goes by the model's name. */
function addStripping(
  { preName, architecture, generalName }: AttributeSources,
  attributes: TokenAttributes,
  idOf: (text: string) => number,
  update: (id: number, change: (old: number) => number) => void,
): void {
  const name = generalName.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const holdsOne = (text: string, parts: readonly string[]): boolean =>
    parts.some((part) => text.includes(part));
  if (
    holdsOne(preName, ['jina-v2-de', 'jina-v2-es', 'jina-v2-code']) ||
    holdsOne(architecture, ['nomic-bert-moe', 'jina-bert-v3'])
  ) {
    update(idOf('<mask>'), (old) => old | ATTRIBUTE.takesSpaceBefore);
  } else if (holdsOne(name, ['phi-3', 'phi3'])) {
    const special = ATTRIBUTE.control | ATTRIBUTE.userDefined | ATTRIBUTE.unknown;
    for (let id = 0; id < attributes.length; id += 1) {
      if ((attributes[id] ?? 0) & special) update(id, (old) => old | ATTRIBUTE.takesSpaceAfter);
    }
    update(idOf('</s>'), (old) => old | ATTRIBUTE.takesSpaceAfter);
    for (const text of ['<unk>', '<s>', '<|endoftext|>'])
      update(idOf(text), (old) => old & ~ATTRIBUTE.takesSpaceAfter);
  } else if (holdsOne(name, ['modern-bert'])) {
    update(idOf('[MASK]'), (old) => old | ATTRIBUTE.takesSpaceBefore);
  }
}
