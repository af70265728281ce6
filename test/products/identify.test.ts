import { describe, expect, it } from 'vitest';
import { identify, products } from '../../src/products/index.ts';
import { evidenceOf, recordedEvidence } from './recorded.ts';

describe('each recorded server is told', () => {
  const recorded: [server: string, product: string | null, version: string | null, behind: string | null][] =
    [
      ['llama-cpp-python-0.2.84', 'llama-cpp-python', '0.2.84', null],
      ['llama-cpp-python-0.2.87', 'llama-cpp-python', '0.2.87', null],
      ['llama-cpp-python-0.3.36', 'llama-cpp-python', '0.3.36', null],
      ['xllamacpp-0.2.7', 'llama.cpp', 'b7376', null],
      ['xllamacpp-2026.10.11549', 'llama.cpp', null, null],
      ['vllm-0.32.0', 'vllm', '0.32.0', null],
      ['ollama-0.17.4', 'ollama', '0.17.4', null],
      ['mlx-lm-0.32.2', 'mlx-lm', '0.32.2', null],
      ['transformers-serve-5.23.0', null, null, null],
      ['litellm-1.106.2', 'litellm', '1.106.2', 'llama.cpp'],
      ['portkey-1.15.2', 'portkey', null, 'llama.cpp'],
    ];

  it.each(recorded)('%s', async (server, product, version, behind) => {
    const evidence = recordedEvidence(server);
    expect(await identify(evidence)).toMatchObject({ product, version, behind });
    expect(evidence.lookedAt.length).toBeLessThanOrEqual(1);
    if (product !== null && products.get(product)?.gateway === true) expect(evidence.lookedAt).toEqual([]);
  });

  it.each(recorded)('%s, before any answer with a fingerprint', async (server, product) => {
    const evidence = recordedEvidence(server);
    const told = await identify({ ...evidence, fingerprint: null });
    if (product !== null && products.get(product)?.gateway === true) expect(evidence.lookedAt).toEqual([]);
    // mlx-lm has nothing but its fingerprint.
    expect(told.product).toBe(product === 'mlx-lm' ? null : product);
  });

  it('reads the version where the fingerprint does not say it', async () => {
    const llama = await identify({ ...recordedEvidence('xllamacpp-0.2.7'), fingerprint: null });
    expect(llama).toMatchObject({ version: 'b7376', by: 'Server header and /props build_info' });
    const vllm = await identify({ ...recordedEvidence('vllm-0.32.0'), fingerprint: null });
    expect(vllm).toMatchObject({ version: '0.32.0', by: 'owned_by of the model list and /version' });
  });
});

describe('servers that were not recorded', () => {
  const owned = (owned_by: string) => ({ model: { id: 'm', owned_by } });

  it('SGLang, by the newer and the older name of its endpoint', async () => {
    const newer = evidenceOf(owned('sglang'), { '/server_info': { version: '0.5.20' } });
    expect(await identify(newer)).toMatchObject({ product: 'sglang', version: '0.5.20' });
    const older = evidenceOf(owned('sglang'), { '/get_server_info': { version: '0.4.6.post1' } });
    expect(await identify(older)).toMatchObject({ product: 'sglang', version: '0.4.6.post1' });
  });

  it('TGI only by its /info', async () => {
    const model = { id: 'org/model', created: 0, owned_by: 'org/model' };
    const info = { model_id: 'org/model', version: '3.3.4', sha: 'abc', max_concurrent_requests: 128 };
    const whole = evidenceOf({ model, fingerprint: '3.3.4-sha-5a66c66' }, { '/info': info });
    expect(await identify(whole)).toMatchObject({ product: 'tgi', version: '3.3.4', by: '/info' });
    expect((await identify(evidenceOf({ model, fingerprint: '3.3.4-native' }))).product).toBeNull();
  });

  it('LMDeploy and TabbyAPI, by the owner of their models', async () => {
    expect(await identify(evidenceOf(owned('lmdeploy')))).toMatchObject({
      product: 'lmdeploy',
      version: null,
    });
    expect((await identify(evidenceOf(owned('tabbyAPI')))).product).toBe('tabbyapi');
  });

  it('text-generation-webui only by its endpoint', async () => {
    const info = { '/v1/internal/model/info': { model_name: 'm', lora_names: [] } };
    expect((await identify(evidenceOf(owned('user'), info))).product).toBe('text-generation-webui');
    expect((await identify(evidenceOf(owned('user')))).product).toBeNull();
  });

  it('an OpenAI-like server that is none of them is unknown, and is asked for nothing', async () => {
    const evidence = evidenceOf({
      ...owned('system'),
      headers: { server: 'cloudflare' },
      fingerprint: 'fp_44709d6fcb',
    });
    expect((await identify(evidence)).product).toBeNull();
    expect(evidence.lookedAt).toEqual([]);
  });

  it('another FastAPI application is not llama-cpp-python', async () => {
    const openapi = { info: { title: 'FastAPI', version: '0.1.0' } };
    const evidence = evidenceOf({ headers: { server: 'uvicorn' } }, { '/openapi.json': openapi });
    expect((await identify(evidence)).product).toBeNull();
  });

  it('what imitates the version endpoint of Ollama is not Ollama', async () => {
    const evidence = evidenceOf(owned('library'), { '/api/version': { version: '0.7.0' } });
    expect((await identify(evidence)).product).toBeNull();
  });
});

describe('contradictions', () => {
  it('what a server says of itself outweighs the model list', async () => {
    const evidence = evidenceOf({ fingerprint: 'b7376-380b4c984', model: { owned_by: 'vllm' } });
    expect(await identify(evidence)).toMatchObject({ product: 'llama.cpp', version: 'b7376' });
  });

  it('two names of equal weight leave it unknown', async () => {
    const evidence = evidenceOf({ headers: { server: 'llama.cpp' }, fingerprint: 'fp_ollama' });
    expect(await identify(evidence)).toEqual({ product: null, version: null, by: null, behind: null });
  });

  it('a list of several owners has none', async () => {
    const data = [{ owned_by: 'vllm' }, { owned_by: 'sglang' }];
    expect((await identify(evidenceOf({ models: { data } }))).product).toBeNull();
  });

  it('of two gateways the front one is the product', async () => {
    const headers = { 'x-portkey-provider': 'openai', 'x-litellm-version': '1.106.2' };
    expect(await identify(evidenceOf({ headers }))).toMatchObject({ product: 'portkey', behind: 'LiteLLM' });
    const renamed = { 'llm_provider-x-portkey-provider': 'openai', 'x-litellm-version': '1.106.2' };
    expect(await identify(evidenceOf({ headers: renamed }))).toMatchObject({
      product: 'litellm',
      behind: 'Portkey',
    });
  });

  it('a gateway that refused everything is still a gateway', async () => {
    const evidence = evidenceOf({ headers: { 'x-litellm-call-id': 'x' }, model: { owned_by: 'vllm' } });
    expect(await identify(evidence)).toMatchObject({ product: 'litellm', version: null, behind: null });
  });
});

describe('versions that are none', () => {
  it.each([
    'b0-unknown',
    'b1-380b4c984',
    '\u001b[31m1.0',
    '0.0.0',
    '0.0.0.dev0',
    `1${'.0'.repeat(40)}`,
    'latest',
    '',
  ])('%j', async (version) => {
    const server = { server: 'llama.cpp' };
    expect(
      (await identify(evidenceOf({ headers: server }, { '/props': { build_info: version } }))).version,
    ).toBeNull();
    const vllm = evidenceOf({ model: { owned_by: 'vllm' } }, { '/version': { version } });
    if (!version.startsWith('b')) expect((await identify(vllm)).version).toBeNull();
  });
});
