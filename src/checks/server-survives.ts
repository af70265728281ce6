import { blocked, broken, inapplicable, pass } from '../model/finding.ts';
import { exchangesOf } from '../model/material.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { keyOf } from './support/server-view.ts';

export default relationCheck({
  id: 'server-survives',
  classes: ['died'],
  modes: STREAM,
  scenarios: 'all',
  instances(api, view) {
    const { death, lost, served } = view.seen;
    const text = keyOf(api, 'stream', 'text');
    if (death === null) {
      return [
        {
          filedAt: text,
          compares: [],
          judge() {
            if (lost !== null)
              return blocked(`the server no longer answered after ${lost}, which its own check says`);
            return served.has(api) ? pass() : inapplicable('no plain request of this API was answered');
          },
        },
      ];
    }
    const record = view.seen.cases.get(death.caseKey);
    if (record === undefined || record.id.api !== api) return [];
    const exchange = exchangesOf(record).at(-1);
    return [
      {
        filedAt: death.caseKey,
        compares: [],
        ...(exchange === undefined ? {} : { exchange }),
        judge: () =>
          broken({
            expected: 'a server that still answers after every request',
            class: 'died',
            detail: death.observed,
            twice: true,
          }),
      },
    ];
  },
});
