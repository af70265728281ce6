/** Tokenizer endpoints by product. */
import { products } from '../../products/index.ts';
import { plainName } from '../product-name.ts';
import { anthropic, lmDeploy, localAi, sglang, tabbyApi, textGenerationWebui, tgi } from './documented.ts';
import type { TokenizerEndpoints } from './endpoint.ts';
import { litellm } from './litellm.ts';
import { llamaCpp } from './llama-cpp.ts';
import { llamaCppPython } from './llama-cpp-python.ts';
import { vllm } from './vllm.ts';

const BY_PRODUCT: ReadonlyMap<string, TokenizerEndpoints> = new Map(
  Object.entries({
    'llama.cpp': llamaCpp,
    'llama-cpp-python': llamaCppPython,
    vllm,
    sglang,
    tgi,
    localai: localAi,
    lmdeploy: lmDeploy,
    tabbyapi: tabbyApi,
    'text-generation-webui': textGenerationWebui,
    anthropic,
    litellm,
  }).map(([product, endpoints]) => [plainName(product), endpoints]),
);

/** A gateway counts in its own way, and may take a 404 for a fault of the model behind it: it is asked on demand only. */
const isGateway = (product: string) =>
  [...products.values()].some(({ id, gateway }) => gateway && plainName(id) === plainName(product));

/** null where the product is unknown, offers none, or is a gateway and was not asked for. */
export function endpointsOf(product: string | null, onDemand: boolean): TokenizerEndpoints | null {
  if (product === null || (isGateway(product) && !onDemand)) return null;
  return BY_PRODUCT.get(plainName(product)) ?? null;
}
