/** What a record keeps of the faults: as much as there is room for. Pure. */
import { groupBy } from '../model/group-by.ts';
import type { RecordedFault } from '../model/record.ts';
import type { Result } from '../model/report.ts';
import { cutToLength } from '../text/harmless.ts';

const LONGEST_FRAME = 400;
/** A longer curl line would be most of the record; it is left out, since half of one is of no use. */
const LONGEST_CURL = 1_200;
const LONGEST_TEXT = 240;

export type Shorten = (text: string) => string;

/** No id of ours is longer; a file may say anything. */
const LONGEST_ID = 100;

export const checkOf = ({ check }: Result): string => cutToLength(check, LONGEST_ID);
export const classOf = (result: Result): string => cutToLength(result.class ?? 'fails', LONGEST_ID);

/**
 * One for each check and class, however little room there is; then their frames, then the lines that repeat their requests,
 * then the same faults in other APIs, as they fit.
 *
 * @param room in bytes
 */
export function recordedFaults(
  results: readonly Result[],
  shorten: Shorten,
  room: number,
): readonly RecordedFault[] {
  const fails = results.filter(({ verdict }) => verdict === 'fail');
  const kinds = [...groupBy(fails, (result) => `${checkOf(result)} ${classOf(result)}`).values()];
  const shown = kinds.map((same) =>
    [...groupBy(same, ({ api }) => api).values()].flatMap(bestOf).map((one) => faultOf(one, shorten)),
  );
  const firsts = shown.flatMap((same) => same.slice(0, 1));
  let left = room - bytesOf(firsts.map(bare));
  const fits = (part: unknown) => {
    const size = bytesOf(part);
    if (size > left) return false;
    left -= size;
    return true;
  };
  const framed = new Set(firsts.filter(({ frame }) => frame !== undefined && fits({ frame })));
  const repeated = new Set(firsts.filter(({ curl }) => curl !== undefined && fits({ curl })));
  return [
    ...firsts.map((one) => ({
      ...bare(one),
      ...(one.frame && framed.has(one) ? { frame: one.frame } : {}),
      ...(one.curl && repeated.has(one) ? { curl: one.curl } : {}),
    })),
    ...shown.flatMap((same) => same.slice(1)).filter(fits),
  ];
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const bare = ({ frame: _frame, curl: _curl, ...fault }: RecordedFault): RecordedFault => fault;

/** That which is surest, and shows most. */
function bestOf(results: readonly Result[]): readonly Result[] {
  const best = results.find(({ confirmed, evidence }) => confirmed === '2/2' && evidence) ?? results[0];
  return best === undefined ? [] : [best];
}

function faultOf(result: Result, shorten: Shorten): RecordedFault {
  const { case: key, expected, observed, message, evidence } = result;
  const frame = evidence?.frames.at(-1);
  const curl = evidence === undefined ? '' : shorten(evidence.curl);
  return {
    check: checkOf(result),
    class: classOf(result),
    case: cutToLength(key, LONGEST_ID),
    expected: cutToLength(shorten(expected), LONGEST_TEXT),
    observed: cutToLength(shorten(observed || message), LONGEST_TEXT),
    ...(frame === undefined
      ? {}
      : {
          frame: {
            ...(frame.event === undefined ? {} : { event: frame.event }),
            data: cutToLength(shorten(frame.data), LONGEST_FRAME),
          },
        }),
    ...(curl === '' || curl.length > LONGEST_CURL ? {} : { curl }),
  };
}
