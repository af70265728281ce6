import { apiOf } from '../apis/index.ts';
import { countsOf, isCount } from '../model/answer.ts';
import type { ApiId } from '../model/api.ts';
import { parseCase } from '../model/case-id.ts';
import type { Exchange } from '../model/exchange.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { relationCheck } from './support/define-check.ts';
import { keyOf } from './support/server-view.ts';

/** undefined: no count can be read in the answer. */
function countIn({ reply }: Exchange, api: ApiId): number | undefined {
  if (reply.kind !== 'response' || reply.body.kind !== 'json') return undefined;
  const count = apiOf(api).countEndpoint?.read(reply.body.value);
  return isCount(count) ? count : undefined;
}

export default relationCheck({
  id: 'count-matches-usage',
  level: 'SHOULD',
  catalogue: 2,
  classes: ['other', 'no-count'],
  modes: ['nonstream'],
  consults: ['usage-nonzero'],
  scenarios: ['count', 'text', 'grow-20', 'grow-80', 'grow-240', 'tools-offered'],
  instances(api, view) {
    const filedAt = keyOf(api, 'nonstream', 'count');
    const state = view.seen.cases.get(filedAt)?.state;
    if (state === undefined) return [];
    const counts = state.kind === 'sent' && state.material.kind === 'counted' ? state.material.counts : [];
    const compared = counts.flatMap(({ of, exchange }) => {
      const answer = view.answer(of);
      const used = answer === null ? null : countsOf(answer)?.prompt;
      if (used === undefined || used === null || view.found('usage-nonzero', of)?.verdict !== 'pass')
        return [];
      return [{ scenario: parseCase(of).scenario, count: countIn(exchange, api), used, exchange }];
    });
    const wrong = compared.filter(({ count, used }) => count !== used);
    return [
      {
        filedAt,
        compares: [],
        ...(wrong[0] === undefined ? {} : { exchange: wrong[0].exchange }),
        judge() {
          if (compared.length === 0) return inapplicable('no prompt was both counted and answered');
          if (wrong.length === 0) return pass();
          const expected = 'the prompt count of the same request’s answer';
          const uncounted = wrong.find(({ count }) => count === undefined);
          if (uncounted !== undefined)
            return broken({ class: 'no-count', expected, detail: `no count for ${uncounted.scenario}` });
          return broken({
            class: 'other',
            expected,
            detail: wrong
              .map(({ count, scenario, used }) => `${count} for ${scenario}, usage says ${used}`)
              .join('; '),
          });
        },
      },
    ];
  },
});
