/**
 * What `--repair` calls exact is what the server itself counts, on live llama-cpp-python. LASTCHUNK_LIVE_URLS may name servers that
 * run already: "llama-cpp-python 0.2.84=http://127.0.0.1:8000", several with commas.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { launch } from '../../src/launch/launch.ts';
import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import { recipeFor } from '../../src/products/recipe-for.ts';
import { rowsIn, temporaryFolder } from '../proxy/rows.ts';
import { started } from '../proxy/started.ts';
import { isWanted } from './wanted.ts';

const EXACT_CLAIMS = 300;
const cacheFolder = fileURLToPath(new URL('../../.live', import.meta.url));
const model = fileURLToPath(new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url));

const running = new Map(
  (process.env.LASTCHUNK_LIVE_URLS ?? '').split(',').map((pair) => {
    const [name = '', url = ''] = pair.split('=');
    return [name.trim(), url.trim()] as const;
  }),
);

async function urlOf(version: string): Promise<string> {
  const known = running.get(`llama-cpp-python ${version}`);
  if (known !== undefined) return known;
  const recipe = recipeFor('llama-cpp-python');
  const server = await launch(recipe, version, { cacheFolder, model, onProgress: () => {} });
  onTestFinished(() => server.stop());
  return server.baseUrl.replace(/\/v1$/, '');
}

/** The same numbers in each run. */
function random(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (most: number) => Math.floor(next() * most);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  return { below, pick };
}

const WORDS =
  'once upon a time there was little girl dog who liked to play in the park, cats. Lily said: "hi"! été 好 🙂 </s> 12'.split(
    ' ',
  );
const STOPS = ['.', 'the', ' was', '\n', 'Lily', '"', 'zzz'];
const TOOL = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } };

/** A request as anybody may send it; greedy, so that it can be sent twice. */
function anyRequest({ below, pick }: ReturnType<typeof random>): { path: string; body: JsonObject } {
  const words = Array.from({ length: 1 + below(30) }, () => pick(WORDS));
  const text = words.join(' ');
  const isChat = below(2) === 0;
  const turns = Array.from({ length: 1 + 2 * below(2) }, (_, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content: words.slice(at).join(' '),
  }));
  const body = {
    ...(isChat
      ? { messages: below(3) === 0 ? [{ role: 'system', content: pick(WORDS) }, ...turns] : turns }
      : { prompt: text }),
    max_tokens: 1 + below(60),
    temperature: 0,
    seed: below(1000),
    ...(below(4) === 0 ? { stop: below(2) === 0 ? pick(STOPS) : [pick(STOPS), pick(STOPS)] } : {}),
    ...(below(12) === 0 ? { n: 2 } : {}),
    ...(isChat && below(12) === 0 ? { tools: [TOOL], tool_choice: 'none' } : {}),
    ...(below(12) === 0 ? { presence_penalty: 0.5 } : {}),
  };
  return { path: isChat ? '/v1/chat/completions' : '/v1/completions', body };
}

const textOf = (answer: unknown): string => {
  const [choice] = isJsonObject(answer) && Array.isArray(answer.choices) ? (answer.choices as unknown[]) : [];
  if (!isJsonObject(choice)) return '';
  const said = [choice.delta, choice.message, choice].find(
    (one) => isJsonObject(one) && ('content' in one || 'text' in one),
  );
  return isJsonObject(said) ? String(said.content ?? said.text ?? '') : '';
};

describe.sequential('llama-cpp-python behind --repair', () => {
  for (const version of ['0.2.84', '0.2.87', '0.3.36']) {
    it.runIf(isWanted(`llama-cpp-python ${version}`))(
      `${version}: asking what it is cuts no stream`,
      async () => {
        const url = await urlOf(version);
        const body = JSON.stringify({ prompt: 'Once upon a time', max_tokens: 400, stream: true });
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(`${url}/v1/completions`, { method: 'POST', headers, body });
        const text = response.text();
        const description = await fetch(`${url}/openapi.json`);
        expect(await description.text()).toContain('llama.cpp Python API');
        expect(await text).toMatch(/"finish_reason": ?"(length|stop)"/);
      },
    );

    it.runIf(isWanted(`llama-cpp-python ${version}`))(
      `${version}: what is called exact is what it counts`,
      async () => {
        const ledger = temporaryFolder();
        // It is recognised.
        const repair = { product: null, allowEstimates: false, tokenizer: null };
        const proxy = await started(await urlOf(version), { ledger, repair });
        const post = async (path: string, body: JsonObject) => {
          const headers = { 'content-type': 'application/json' };
          const response = await fetch(proxy.url + path, {
            method: 'POST',
            headers,
            body: JSON.stringify(body),
          });
          return response.text();
        };
        const chance = random(20_261_126);
        const seen = { requests: 0, exact: 0, otherText: 0 };
        const wrong: object[] = [];
        while (seen.exact < EXACT_CLAIMS && seen.requests < 2_000) {
          const { path, body } = anyRequest(chance);
          const events = (
            await post(path, { ...body, stream: true, stream_options: { include_usage: true } })
          ).split(/\r?\n\r?\n/);
          seen.requests += 1;
          const chunks = events.flatMap((event) => {
            const data = event.replace(/^data: /, '').trim();
            return data.startsWith('{') ? [JSON.parse(data) as JsonObject] : [];
          });
          const added = chunks.at(-1);
          if (added === undefined || !isJsonObject(added.lastchunk)) continue;
          expect(added.lastchunk).toEqual({ source: 'counted', exact: true });
          const whole: unknown = JSON.parse(await post(path, body));
          // A server that answers otherwise the second time says nothing of the first.
          if (textOf(whole) !== chunks.map(textOf).join('')) seen.otherText += 1;
          else {
            seen.exact += 1;
            const usage = isJsonObject(whole) ? whole.usage : null;
            if (JSON.stringify(usage) !== JSON.stringify(added.usage))
              wrong.push({ body, usage, added: added.usage });
          }
        }
        process.stderr.write(`llama-cpp-python ${version}: ${JSON.stringify(seen)}\n`);
        expect(proxy.log).toEqual(['--repair: the server is llama-cpp-python']);
        expect(wrong).toEqual([]);
        expect(seen.exact).toBe(EXACT_CLAIMS);
        expect(rowsIn(ledger).filter(({ counted }) => counted !== null).length).toBeGreaterThanOrEqual(
          EXACT_CLAIMS,
        );
      },
    );
  }
});
