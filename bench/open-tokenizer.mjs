/**
 * `open FILE`: a local tokenizer, opened and used once. `plain FILE`: the shortest reader there can be, which makes a string
 * of each token and puts it into a Map. Prints the ms it took, and the peak memory of this process in MB.
 */
import { readFileSync } from 'node:fs';
import { loadTokenizer } from '../build/tokenizer/index.js';
import '../build/tokenizer/load-gguf.js';

const [how, file] = process.argv.slice(2);
const start = performance.now();
const kept = how === 'open' ? await opened() : readPlainly();
const ms = performance.now() - start;
console.log(JSON.stringify({ ms, megabytes: process.resourceUsage().maxRSS / 1024, kept }));

async function opened() {
  const tokenizer = await loadTokenizer(file);
  return tokenizer.count('Hello world');
}

function readPlainly() {
  const bytes = readFileSync(file);
  const key = 'tokenizer.ggml.tokens';
  // After the key: two types, then the number of strings.
  let at = bytes.indexOf(key) + key.length + 8;
  const count = Number(bytes.readBigUInt64LE(at));
  at += 8;
  const ids = new Map();
  for (let id = 0; id < count; id += 1) {
    const end = at + 8 + Number(bytes.readBigUInt64LE(at));
    ids.set(bytes.toString('utf8', at + 8, end), id);
    at = end;
  }
  return ids.size;
}
