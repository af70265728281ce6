/** Writes a GGUF file that is all vocabulary: SPM tokens of twelve bytes, their scores and their types. */
import { writeFileSync } from 'node:fs';

const TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 };
/** A length, twelve bytes of text, a score and a type. */
const BYTES_A_TOKEN = 8 + 12 + 4 + 4;

/** @returns the number of tokens */
export function writeVocabulary(file, bytes) {
  const count = Math.max(300, Math.floor(bytes / BYTES_A_TOKEN));
  const texts = Buffer.alloc(count * 20);
  const scores = Buffer.alloc(count * 4);
  const types = Buffer.alloc(count * 4);
  let at = 0;
  for (let id = 0; id < count; id += 1) {
    const text = textOf(id);
    texts.writeBigUInt64LE(BigInt(text.length), at);
    texts.write(text, at + 8, 'latin1');
    at += 8 + text.length;
    scores.writeFloatLE(-id, id * 4);
    types.writeInt32LE(typeOf(id), id * 4);
  }
  const array = (element, body) => Buffer.concat([uint32(TYPE.array), uint32(element), uint64(count), body]);
  const values = [
    ['general.architecture', Buffer.concat([uint32(TYPE.string), string('llama')])],
    ['tokenizer.ggml.model', Buffer.concat([uint32(TYPE.string), string('llama')])],
    ['tokenizer.ggml.tokens', array(TYPE.string, texts.subarray(0, at))],
    ['tokenizer.ggml.scores', array(TYPE.float32, scores)],
    ['tokenizer.ggml.token_type', array(TYPE.int32, types)],
    ['tokenizer.ggml.bos_token_id', Buffer.concat([uint32(TYPE.uint32), uint32(1)])],
    ['tokenizer.ggml.eos_token_id', Buffer.concat([uint32(TYPE.uint32), uint32(2)])],
  ];
  const head = Buffer.concat([Buffer.from('GGUF'), uint32(3), uint64(0), uint64(values.length)]);
  writeFileSync(file, Buffer.concat([head, ...values.flatMap(([key, value]) => [string(key), value])]));
  return count;
}

/** The first are the unknown, the two ends and all bytes; the rest are words of one length. */
function textOf(id) {
  if (id < 3) return ['<unk>', '<s>', '</s>'][id];
  if (id < 259) return `<0x${(id - 3).toString(16).toUpperCase().padStart(2, '0')}>`;
  return `w${id.toString(36)}`.padEnd(12, '.');
}

/** Unknown, control, byte and plain word. */
function typeOf(id) {
  return id === 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1;
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function string(text) {
  return Buffer.concat([uint64(Buffer.byteLength(text)), Buffer.from(text)]);
}
