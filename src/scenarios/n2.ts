import type { Ask } from '../model/api.ts';
import { comparedWarm, scenario } from './define.ts';
import { SHORT } from './variants.ts';

const TWO: Ask = { ...SHORT, n: 2, temperature: 1 };

export const n2 = scenario({
  id: 'n2',
  needs: ['n'],
  optional: true,
  about: 'two choices, temperature 1, limit 8',
  asks: () => [TWO, SHORT, TWO],
  send: (sender) => comparedWarm(sender, TWO, [{ scenario: 'short', ask: SHORT }]),
});
