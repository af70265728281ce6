/**
 * The local tokenizer: its speed beside the library that it does without for GGUF files, and what opening a GGUF file with
 * 1, 10 and 100 MB of vocabulary takes beside the shortest reader there can be.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { readGgufVocabulary } from '../dist/tokenizer/gguf-vocabulary.js';
import { loadTokenizer } from '../dist/tokenizer/index.js';
import { shownString } from '../dist/tokenizer/packed-strings.js';
import { writeVocabulary } from './gguf-vocabulary-file.mjs';
import { median } from './median.mjs';

const run = promisify(execFile);
const OPENER = new URL('open-tokenizer.mjs', import.meta.url).pathname;
const FIXTURE = new URL('../fixtures/tokenizers/ggml-vocab-gpt-2.gguf.gz', import.meta.url);
const PAGES = new URL('../docs/checks/', import.meta.url);
const ROUNDS = 5;
const SIZES = [1, 10, 100];

export async function tokenizer() {
  const folder = mkdtempSync(join(tmpdir(), 'lastchunk-bench-'));
  try {
    const rows = [await speed(folder)];
    for (const megabytes of SIZES) rows.push(...(await opening(folder, megabytes)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same vocabulary, once as a GGUF file and once as the library's own tokenizer.json. */
async function speed(folder) {
  const file = join(folder, 'gpt-2.gguf');
  writeFileSync(file, gunzipSync(readFileSync(FIXTURE)));
  const ours = await loadTokenizer(file);
  const library = libraryFor(file);
  const text = readdirSync(PAGES)
    .map((name) => readFileSync(new URL(name, PAGES), 'utf8'))
    .join('\n');
  const tokens = ours.count(text);
  const theirs = library.encode(text, { add_special_tokens: false }).ids.length;
  if (theirs !== tokens) throw new Error(`${tokens} tokens, and ${theirs} by the library`);
  const [own, other] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    other.push(seconds(() => library.encode(text, { add_special_tokens: false })));
    own.push(seconds(() => ours.count(text)));
  }
  const rate = (times) => `${Math.round(tokens / median(times) / 1000)}k tokens/s`;
  return {
    name: 'counting text, GPT-2 vocabulary',
    measured: rate(own),
    baseline: `${rate(other)} (@huggingface/tokenizers)`,
    ratio: median(own) / median(other),
    target: 1,
  };
}

function libraryFor(file) {
  const { tokens, algorithm } = readGgufVocabulary(file);
  const vocab = Object.create(null);
  for (let id = 0; id < tokens.count; id += 1) vocab[shownString(tokens, id)] = id;
  const merges = Array.from({ length: algorithm.merges.count }, (_, at) => shownString(algorithm.merges, at));
  const pre = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const model = { type: 'BPE', vocab, merges, byte_fallback: false, ignore_merges: false };
  const none = { normalizer: null, post_processor: null, decoder: null, added_tokens: [] };
  return new Library({ ...none, model, pre_tokenizer: pre }, {});
}

function seconds(work) {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** In processes of their own: opened, and one text counted; against the shortest reader. */
async function opening(folder, megabytes) {
  const file = join(folder, `${megabytes}.gguf`);
  const tokens = writeVocabulary(file, megabytes * 1e6);
  const ours = [];
  const bare = [];
  for (let round = 0; round < 3; round += 1) {
    ours.push(JSON.parse((await run(process.execPath, [OPENER, 'open', file])).stdout));
    bare.push(JSON.parse((await run(process.execPath, [OPENER, 'plain', file])).stdout));
  }
  rmSync(file);
  const of = (results, key) => median(results.map((result) => result[key]));
  const name = `${megabytes} MB of vocabulary (${tokens} tokens)`;
  return [
    {
      name: `opening ${name}`,
      measured: `${of(ours, 'ms').toFixed(0)} ms`,
      baseline: `${of(bare, 'ms').toFixed(0)} ms (a string of each token, in a Map)`,
      ratio: of(ours, 'ms') / of(bare, 'ms'),
      target: 2,
    },
    {
      name: `memory, ${name}`,
      measured: `${of(ours, 'megabytes').toFixed(0)} MB`,
      baseline: `${of(bare, 'megabytes').toFixed(0)} MB (a string of each token, in a Map)`,
      ratio: of(ours, 'megabytes') / of(bare, 'megabytes'),
      target: 1.5,
    },
  ];
}
