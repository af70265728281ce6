import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contextOfRefusal, listedContext } from '../../src/products/context.ts';
import { identify, products } from '../../src/products/index.ts';
import { llamaCpp } from '../../src/products/llama-cpp.ts';
import type { ServerEvidence } from '../../src/products/product.ts';
import { lowering } from '../../src/products/profile.ts';

const telling = fc.constantFrom(
  'me',
  'vllm',
  'sglang',
  'library',
  'llamacpp',
  'llama.cpp',
  'uvicorn',
  'fp_ollama',
  'b7376-380b4c984',
  'vllm-0.32.0-x',
  '3.0.0-native',
  '0.32.2-0.32.4-Linux-x',
  'Ollama is running',
  '🦙 llama.cpp Python API',
  '1.2.3',
);
const leaf = fc.oneof(telling, fc.string({ unit: 'binary' }), fc.anything({ withNullPrototype: true }));
const keyed = (...keys: string[]) =>
  fc.dictionary(fc.oneof(fc.constantFrom(...keys, '__proto__', 'constructor'), fc.string()), leaf);
const entry = keyed('id', 'owned_by', 'created', 'permissions', 'max_model_len', 'context_length', 'meta');
const answer = keyed(
  'version',
  'build_info',
  'model_id',
  'max_concurrent_requests',
  'default_generation_settings',
);
const looked = fc.oneof(
  fc.constant(null),
  fc.record({
    status: fc.constantFrom<unknown>(200, 404, Number.NaN, null),
    headers: keyed('server'),
    json: fc.oneof(answer, fc.record({ info: keyed('title', 'version') }), leaf),
    text: leaf,
  }),
);
const evidence = fc.record({
  headers: keyed('server', 'x-litellm-version', 'x-portkey-provider', 'llm_provider-server'),
  models: fc.oneof(fc.constant(null), fc.record({ data: fc.oneof(fc.array(fc.oneof(entry, leaf)), leaf) })),
  model: fc.oneof(fc.constant(null), entry),
  fingerprint: leaf,
  looked,
  fails: fc.constantFrom('never', 'rejects', 'throws'),
});

it('whatever a server says, identifying it never throws, and what comes out is bounded and known', async () => {
  await fc.assert(
    fc.asyncProperty(evidence, async (said) => {
      const hostile = {
        ...said,
        look(): Promise<unknown> {
          if (said.fails === 'throws') throw new Error('thrown');
          return said.fails === 'rejects'
            ? Promise.reject(new Error('rejected'))
            : Promise.resolve(said.looked);
        },
      } as unknown as ServerEvidence;
      const told = await identify(hostile);
      expect(told.product === null || products.has(told.product)).toBe(true);
      expect(told.version ?? '1').toMatch(/^[!-~]{1,64}$/);
      expect(told.by ?? 'x').toMatch(/^[ -~]{1,80}$/);
      for (const product of products.values()) product.comparable(told.version ?? '');
      lowering(told.product, told.version, 'parallel-independent', 'chat/stream/asked/parallel');
    }),
    { numRuns: 1000 },
  );
});

it('a stated context is a positive integer or null, whatever was said', async () => {
  const positive = (count: number | null) => count === null || (Number.isSafeInteger(count) && count > 0);
  fc.assert(
    fc.property(fc.oneof(fc.constant(null), entry), (model) => {
      expect(positive(listedContext(model))).toBe(true);
    }),
  );
  await fc.assert(
    fc.asyncProperty(leaf, fc.oneof(fc.array(leaf), leaf), async (props, slots) => {
      const look = async (path: string) => ({
        status: 200,
        headers: {},
        json: path === '/props' ? props : slots,
        text: '',
      });
      expect(positive((await llamaCpp.context?.(look, null)) ?? null)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(positive(contextOfRefusal(text))).toBe(true);
    }),
  );
});
