/** In which scenarios a version was judged, and which of them a fault needs. Pure. */
import { modeOf, parseCase } from '../model/case-id.ts';
import { groupBy } from '../model/group-by.ts';
import type { MeasuredRecord, Narrow } from '../model/record.ts';
import type { Result } from '../model/report.ts';
import { checkOf, classOf } from './recorded-faults.ts';

/** What is broken in more is no matter of the scenario. */
const MOST_SCENARIOS = 2;

/** Whether a request was answered says nothing of what a check looks at. */
const OF_THE_REQUEST: ReadonlySet<string> = new Set(['request-answered', 'server-survives']);

const scenariosOf = (results: readonly Result[]) => [
  ...new Set(results.map((result) => parseCase(result.case).scenario)),
];

/** Scenarios in which a check found anything, by API and mode. */
export function judgedScenarios(results: readonly Result[]): NonNullable<MeasuredRecord['judged']> {
  const judged = results.filter(
    ({ check, verdict }) => !OF_THE_REQUEST.has(check) && ['pass', 'fail', 'warn'].includes(verdict),
  );
  const byApi = [...groupBy(judged, ({ api }) => api)].map(
    ([api, ofApi]) =>
      [
        api,
        Object.fromEntries(
          [...groupBy(ofApi, (result) => modeOf(result.case))].map(([mode, same]) => [
            mode,
            scenariosOf(same),
          ]),
        ),
      ] as const,
  );
  return Object.fromEntries(byApi);
}

/** What is broken in few scenarios. */
export function narrowIn(results: readonly Result[]): readonly Narrow[] {
  const broken = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  const groups = groupBy(broken, (one) => [checkOf(one), classOf(one), one.api, modeOf(one.case)].join(' '));
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    const scenarios = scenariosOf(same);
    if (first === undefined || scenarios.length > MOST_SCENARIOS) return [];
    return [
      { check: checkOf(first), class: classOf(first), api: first.api, mode: modeOf(first.case), scenarios },
    ];
  });
}

type Sought = Omit<Narrow, 'scenarios'>;

/** The scenarios that a fault was seen in, in any of the versions; null where it is no matter of the scenario. */
export function scenariosNeeded(
  records: readonly MeasuredRecord[],
  { check, class: id, api, mode }: Sought,
  isBroken: (record: MeasuredRecord) => boolean,
): ReadonlySet<string> | null {
  const needed = new Set<string>();
  for (const record of records.filter(isBroken)) {
    const found = record.narrow?.find(
      (one) => one.check === check && one.class === id && one.api === api && one.mode === mode,
    );
    if (found === undefined) return null;
    for (const scenario of found.scenarios) needed.add(scenario);
  }
  return needed;
}

/** Whether any of these scenarios was judged in a version; of an older record it is not known, and taken for true. */
export function wereJudged(
  { judged }: MeasuredRecord,
  { api, mode }: Pick<Sought, 'api' | 'mode'>,
  needed: ReadonlySet<string> | null,
): boolean {
  if (needed === null || judged === undefined) return true;
  return (judged[api]?.[mode] ?? []).some((scenario) => needed.has(scenario));
}
