/** The products lastchunk knows, and which of them a server is. */
import { anthropic } from './anthropic.ts';
import { litellm } from './litellm.ts';
import { llamaCpp } from './llama-cpp.ts';
import { llamaCppPython } from './llama-cpp-python.ts';
import { lmDeploy } from './lmdeploy.ts';
import { localAi } from './local-ai.ts';
import { mlxLm } from './mlx-lm.ts';
import { ollama } from './ollama.ts';
import { portkey } from './portkey.ts';
import type { CountedProduct, Product, Recognised, ServerEvidence } from './product.ts';
import { sglang } from './sglang.ts';
import { tabbyApi } from './tabby-api.ts';
import { textGenerationWebui } from './text-generation-webui.ts';
import { tgi } from './tgi.ts';
import { transformersServe } from './transformers-serve.ts';
import { vllm } from './vllm.ts';

/**
 * Every product by its id. Portkey comes before LiteLLM: it passes LiteLLM's headers on under their own names,
 * while LiteLLM would rename Portkey's.
 */
export const products: ReadonlyMap<string, Product> = new Map(
  [
    portkey,
    litellm,
    llamaCppPython,
    llamaCpp,
    vllm,
    ollama,
    sglang,
    tgi,
    mlxLm,
    lmDeploy,
    tabbyApi,
    textGenerationWebui,
  ].map((product) => [product.id, product]),
);

/** Letters and digits only: `--label "vLLM 0.32=…"` names a product as people write it. */
const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** These, and those that cannot be recognised. */
export const allProducts: readonly CountedProduct[] = [
  ...products.values(),
  localAi,
  anthropic,
  transformersServe,
];

const byPlainName: ReadonlyMap<string, CountedProduct> = new Map(
  allProducts.map((product) => [plainName(product.id), product]),
);

/** The product that a label or an identification names; null where it is not known. */
export function productNamed(name: string | null): CountedProduct | null {
  return name === null ? null : (byPlainName.get(plainName(name)) ?? null);
}

/**
 * The product of which is known how its streams are counted from outside; null where it is none of these. Disturbs no stream.
 * @throws what `look` throws
 */
export async function countableAt(look: ServerEvidence['look']): Promise<CountedProduct | null> {
  for (const product of products.values()) {
    const recognised = await product.proxied?.recognise(look);
    if (recognised?.certainty === 'certain') return product;
  }
  return null;
}

/** What was found out about a server. */
export interface Identity {
  /** Id of the product; null: unknown, or two that contradict each other. */
  readonly product: string | null;
  readonly version: string | null;
  /** Where it was seen. */
  readonly by: string | null;
  /** Title of the product behind a gateway, where that shows. */
  readonly behind: string | null;
}

interface Found {
  readonly product: Product;
  readonly recognised: Recognised;
}

const UNKNOWN: Identity = { product: null, version: null, by: null, behind: null };

/** Identifies a server's product and version. Never throws; requests no endpoint of a gateway. */
export async function identify(evidence: ServerEvidence): Promise<Identity> {
  const gateway = await frontmostGateway(evidence);
  if (gateway !== null) {
    return described(gateway, await titleBehind(gateway.product, evidence));
  }
  const found = await plainest(evidence);
  return found === null ? UNKNOWN : described(found, null);
}

function described({ product, recognised }: Found, behind: string | null): Identity {
  return { product: product.id, version: recognised.version, by: recognised.by, behind };
}

async function frontmostGateway(evidence: ServerEvidence, except?: Product): Promise<Found | null> {
  const [first] = await allRecognised(unlooking(evidence), (p) => p.gateway && p !== except);
  return first ?? null;
}

async function titleBehind(gateway: Product, evidence: ServerEvidence): Promise<string | null> {
  const passedOn = gateway.upstream?.(evidence);
  if (passedOn === undefined) return null;
  const found = (await frontmostGateway(passedOn, gateway)) ?? (await plainest(unlooking(passedOn)));
  return found?.product.title ?? null;
}

/** The one product that the evidence names; null where it names several equally well. */
async function plainest(evidence: ServerEvidence): Promise<Found | null> {
  const found = await allRecognised(evidence, (product) => !product.gateway);
  const certain = found.filter((one) => one.recognised.certainty === 'certain');
  const best = certain.length > 0 ? certain : found;
  const [only] = best;
  return best.length === 1 ? (only ?? null) : null;
}

async function allRecognised(
  evidence: ServerEvidence,
  among: (product: Product) => boolean,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const product of [...products.values()].filter(among)) {
    const match = await recognisedOrNull(product, evidence);
    if (match !== null) found.push({ product, recognised: match });
  }
  return found;
}

async function recognisedOrNull(product: Product, evidence: ServerEvidence): Promise<Recognised | null> {
  try {
    return await product.recognise(evidence);
  } catch {
    // A failed look must not end the run: what cannot be read is no evidence.
    return null;
  }
}

/** A gateway counts 404s against the model behind it, so it is identified by what it has already sent. */
function unlooking(evidence: ServerEvidence): ServerEvidence {
  return { ...evidence, look: async () => null };
}
