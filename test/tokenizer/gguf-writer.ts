/** Values by their GGUF type, as far as tests write them. */
export type Written =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'uint32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'int32s'; readonly value: readonly number[] }
  | { readonly type: 'float32s'; readonly value: readonly number[] }
  | { readonly type: 'raw'; readonly number: number; readonly bytes: Uint8Array };

export interface WriteOptions {
  readonly version?: number;
  readonly bigEndian?: boolean;
  /** Instead of the number of values. */
  readonly keys?: number;
}

/** Writes the metadata of a GGUF file without tensors; right or wrong, as the test needs it. */
export function writeGguf(
  values: readonly (readonly [key: string, value: Written])[],
  { version = 3, bigEndian = false, keys = values.length }: WriteOptions = {},
): Buffer {
  const parts: Buffer[] = [];
  const little = !bigEndian;
  const number = (bytes: number, set: (view: DataView) => void): void => {
    const part = Buffer.alloc(bytes);
    set(new DataView(part.buffer, part.byteOffset, bytes));
    parts.push(part);
  };
  const uint32 = (value: number): void => number(4, (view) => view.setUint32(0, value, little));
  const uint64 = (value: number): void => number(8, (view) => view.setBigUint64(0, BigInt(value), little));
  const string = (value: string): void => {
    const bytes = Buffer.from(value);
    uint64(bytes.length);
    parts.push(bytes);
  };
  const array = (element: number, count: number): void => {
    uint32(9);
    uint32(element);
    uint64(count);
  };

  parts.push(Buffer.from('GGUF'));
  uint32(version);
  uint64(0);
  uint64(keys);
  for (const [key, written] of values) {
    string(key);
    switch (written.type) {
      case 'string':
        uint32(8);
        string(written.value);
        break;
      case 'uint32':
        uint32(4);
        uint32(written.value);
        break;
      case 'bool':
        uint32(7);
        parts.push(Buffer.of(written.value ? 1 : 0));
        break;
      case 'strings':
        array(8, written.value.length);
        for (const value of written.value) string(value);
        break;
      case 'int32s':
        array(5, written.value.length);
        for (const value of written.value) number(4, (view) => view.setInt32(0, value, little));
        break;
      case 'float32s':
        array(6, written.value.length);
        for (const value of written.value) number(4, (view) => view.setFloat32(0, value, little));
        break;
      case 'raw':
        uint32(written.number);
        parts.push(Buffer.from(written.bytes));
        break;
    }
  }
  return Buffer.concat(parts);
}

/** What a token of a made-up vocabulary is: its text, its type by number (1 normal, 3 control, 4 user-defined …). */
export type MadeToken = readonly [text: string, type?: number, score?: number];

/** A small SentencePiece vocabulary: `<unk>`, `<s>`, `</s>`, all bytes, then the given tokens from id 259 on. */
export function spmValues(
  tokens: readonly MadeToken[],
  more: readonly (readonly [string, Written])[] = [],
): (readonly [string, Written])[] {
  const bytes = Array.from({ length: 256 }, (_, byte): MadeToken => {
    return [`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, 6];
  });
  const all: MadeToken[] = [['<unk>', 2], ['<s>', 3], ['</s>', 3], ...bytes, ...tokens];
  return [
    ['tokenizer.ggml.model', { type: 'string', value: 'llama' }],
    ['tokenizer.ggml.tokens', { type: 'strings', value: all.map(([text]) => text) }],
    ['tokenizer.ggml.token_type', { type: 'int32s', value: all.map(([, type]) => type ?? 1) }],
    ['tokenizer.ggml.scores', { type: 'float32s', value: all.map(([, , score]) => score ?? 0) }],
    ...more,
  ];
}

export const FIRST_MADE_ID = 259;
