/**
 * The local tokenizer: its speed beside the library alone, which it does without for GGUF files, and what opening a GGUF
 * file with 1, 10 and 100 MB of vocabulary takes beside the shortest reader there can be.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { readGgufVocabulary } from '../build/tokenizer/gguf-vocabulary.js';
import { loadTokenizer } from '../build/tokenizer/index.js';
import { shownString } from '../build/tokenizer/packed-strings.js';
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
    const rows = await speed(folder);
    for (const megabytes of SIZES) rows.push(...(await opening(folder, megabytes)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The same vocabulary as a GGUF file and as a tokenizer.json, beside the library alone. Each round opens all three anew:
 * they remember words, and a text counted twice would mostly be remembered.
 */
async function speed(folder) {
  const file = join(folder, 'gpt-2.gguf');
  writeFileSync(file, gunzipSync(readFileSync(FIXTURE)));
  const definition = definitionOf(file);
  const json = join(folder, 'tokenizer.json');
  writeFileSync(json, JSON.stringify(definition));
  const text = readdirSync(PAGES)
    .map((name) => readFileSync(new URL(name, PAGES), 'utf8'))
    .join('\n');
  const times = { gguf: [], huggingface: [], library: [] };
  const counts = new Set();
  for (let round = 0; round < ROUNDS; round += 1) {
    const gguf = await loadTokenizer(file);
    const huggingface = await loadTokenizer(json);
    const library = new Library(structuredClone(definition), {});
    const counters = {
      library: () => library.encode(text, { add_special_tokens: false }).ids.length,
      gguf: () => gguf.count(text),
      huggingface: () => huggingface.count(text),
    };
    for (const [name, count] of Object.entries(counters))
      times[name].push(seconds(() => counts.add(count())));
  }
  if (counts.size !== 1) throw new Error(`they differ: ${[...counts].join(', ')} tokens`);
  const [tokens] = counts;
  const rate = (of) => `${Math.round(tokens / median(of) / 1000)}k tokens/s`;
  const row = (name, own, target) => ({
    name,
    measured: rate(own),
    baseline: `${rate(times.library)} (@huggingface/tokenizers)`,
    ratio: median(own) / median(times.library),
    target,
  });
  return [
    row('counting a text once, GPT-2 as GGUF', times.gguf, 1),
    row('counting a text once, GPT-2 as tokenizer.json', times.huggingface, 1.2),
  ];
}

function definitionOf(file) {
  const { tokens, algorithm } = readGgufVocabulary(file);
  const vocab = Object.fromEntries(
    Array.from({ length: tokens.count }, (_, id) => [shownString(tokens, id), id]),
  );
  const merges = Array.from({ length: algorithm.merges.count }, (_, at) => shownString(algorithm.merges, at));
  const pre = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const model = { type: 'BPE', vocab, merges, byte_fallback: false, ignore_merges: false };
  const none = { normalizer: null, post_processor: null, decoder: null, added_tokens: [] };
  return { ...none, model, pre_tokenizer: pre };
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
