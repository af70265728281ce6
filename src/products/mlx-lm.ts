/** `mlx_lm.server`. */
import semver from 'semver';
import { LaunchError } from '../launch/errors.ts';
import { pipPackage } from '../launch/prepare.ts';
import { type Recipe, type RecipeOptions, requireModel } from '../launch/recipe.ts';
import type { Advice, Product, Recognised, ServerEvidence } from './product.ts';
import { comparableRelease, fingerprintOf, headerOf, versionFrom } from './readings.ts';
import { sourcesIn } from './source.ts';

/** "0.32.2-0.32.4-Linux-…": its version, that of MLX, and the platform. */
const FINGERPRINT = /^(\d+\.\d+\.\d+[^-\s]*)-\d+\.\d+\.\d+[^-\s]*-(?:Linux|macOS|Darwin|Windows)-/;

const HOMEPAGE = 'https://github.com/ml-explore/mlx-lm';
const at = sourcesIn(HOMEPAGE, '2026-11-26');
const code = at('blob/ba46244b7f6a77d158479794afac0465046862a9/mlx_lm/server.py');
const notYet = { kind: 'not-yet', upTo: '0.32.2', report: 'not-found', ...code } as const;

const advice: readonly Advice[] = [
  {
    checks: ['usage-chunk-envelope'],
    classes: ['wrong'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '>=0.32.2',
    fact: 'The usage chunk of every stream has the object `chat.completion`.',
    mended: notYet,
    actions: [
      { kind: 'reading', text: 'Know the usage chunk by its `usage`, not by its `object`.', ...code },
    ],
  },
  {
    checks: ['stream-end', 'stream-options-accepted'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '>=0.32.2',
    fact: 'A stream with `stream_options: {}` breaks off before `[DONE]`: `include_usage` is read though it is not there.',
    mended: notYet,
    actions: [
      { kind: 'request', text: 'Leave `stream_options` out, or say `include_usage` in it.', ...code },
    ],
  },
  {
    checks: ['request-answered'],
    classes: ['empty', 'dropped'],
    apis: ['completions'],
    scenarios: ['list-prompts'],
    versions: '>=0.32.2',
    fact: 'Several prompts in one request get no answer.',
    mended: notYet,
    actions: [{ kind: 'request', text: 'Send one prompt a request.', ...code }],
  },
  {
    checks: ['usage-null-before'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '>=0.32.2',
    fact: 'Chunks before the usage have no `usage` key, where the specification has `usage: null`.',
    mended: notYet,
    actions: [{ kind: 'reading', text: 'Read a `usage` that is not there as null.', ...code }],
  },
];

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  const version = versionFrom(FINGERPRINT.exec(fingerprintOf(evidence) ?? '')?.[1]);
  if (version === null || headerOf(evidence, 'server')?.startsWith('basehttp/') !== true) return null;
  return { version, by: 'system_fingerprint and Server header', certainty: 'likely' };
}

const FIRST_ON_CPU = '0.25.3';

/** A Hugging Face folder or name, on Linux with MLX for the CPU. It takes no length of context. */
function recipe({ extraArgs = [] }: RecipeOptions): Recipe {
  const product = 'mlx-lm';
  const onLinux = process.platform === 'linux';
  const installed = pipPackage({ product, requirement: product, beside: onLinux ? ['mlx[cpu]'] : [] });
  return {
    ...installed,
    product,
    needsModel: true,
    takesModelNames: true,
    // Its model list fails where Hugging Face's cache folder was never made.
    readyPath: '/health',
    // Another name would be looked for on the hub.
    servedModel: ({ servedModel }) => servedModel ?? 'default_model',
    async prepare(version, context) {
      // `[metal::device_info] Cannot get device info without metal backend`, in each answer.
      if (onLinux && semver.lt(comparableRelease(version) ?? FIRST_ON_CPU, FIRST_ON_CPU))
        throw new LaunchError(
          `mlx-lm ${version} answers on Apple's Metal only; on Linux ${FIRST_ON_CPU} is the first`,
        );
      return await installed.prepare(version, context);
    },
    command: ({ program }, { host, port, model }) => ({
      argv: [
        program,
        ...['-m', 'mlx_lm.server', '--model', requireModel(product, model)],
        ...['--host', host, '--port', String(port)],
        ...extraArgs,
      ],
    }),
  };
}

export const mlxLm: Product = {
  id: 'mlx-lm',
  title: 'mlx-lm',
  homepage: HOMEPAGE,
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations: [],
  advice,
  recipes: { 'mlx-lm': recipe },
};
