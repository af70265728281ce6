/** `transformers serve`. It names itself nowhere over HTTP (5.23.0): `--label "transformers serve 5.23.0"` names it. */
import path from 'node:path';
import { pipPackage } from '../launch/prepare.ts';
import { type Recipe, type RecipeOptions, requireModel } from '../launch/recipe.ts';
import type { Advice, CountedProduct } from './product.ts';
import { comparableRelease } from './readings.ts';
import { sourcesIn } from './source.ts';

const at = sourcesIn('https://github.com/huggingface/transformers', '2026-11-26');
const code = at(
  'blob/0084b910869705ee2096993381647249cf8cec16/src/transformers/cli/serving/chat_completion.py',
);
const everyStream = {
  apis: ['chat', 'completions'],
  mode: 'stream',
  versions: '>=5.23.0',
  mended: { kind: 'not-yet', upTo: '5.23.0', report: 'not-found', ...code },
} as const;

const advice: readonly Advice[] = [
  {
    ...everyStream,
    checks: ['stream-end'],
    classes: ['missing'],
    fact: 'Streams end without `[DONE]`.',
    actions: [
      {
        kind: 'reading',
        text: 'Take the end of the body for the end of the stream; without a finish_reason it was cut.',
        ...code,
      },
    ],
  },
  {
    ...everyStream,
    checks: ['usage-unrequested', 'usage-chunk-choices-empty'],
    fact: 'The chunk with the finish_reason carries the usage, asked for or not.',
    actions: [
      {
        kind: 'reading',
        text: 'Take the usage of the last chunk, whether its choices are empty or not.',
        ...code,
      },
    ],
  },
  {
    ...everyStream,
    checks: ['usage-null-before'],
    fact: 'Chunks before the usage have no `usage` key, where the specification has `usage: null`.',
    actions: [{ kind: 'reading', text: 'Read a `usage` that is not there as null.', ...code }],
  },
];

/** A Hugging Face folder or name, on the CPU. It loads what a request names. It takes no length of context. */
function recipe({ extraArgs = [] }: RecipeOptions): Recipe {
  const product = 'transformers-serve';
  return {
    product,
    needsModel: true,
    takesModelNames: true,
    // Older ones have no such path, and a 404 is an answer.
    readyPath: '/health',
    servedModel: ({ servedModel, model }) => servedModel ?? requireModel(product, model),
    ...pipPackage({
      product,
      name: 'transformers',
      requirement: 'transformers[serving]',
      // 4.54 imports Pillow, which its extra does not ask for.
      beside: ['torch', 'accelerate', 'pillow'],
    }),
    command: ({ program }, { host, port }) => ({
      argv: [
        path.join(path.dirname(program), 'transformers'),
        ...['serve', '--device', 'cpu', '--host', host, '--port', String(port)],
        ...extraArgs,
      ],
    }),
  };
}

export const transformersServe: CountedProduct = {
  id: 'transformers-serve',
  gateway: false,
  comparable: comparableRelease,
  advice,
  recipes: { 'transformers-serve': recipe },
};
