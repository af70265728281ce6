/** Findings to results: level, profile and --strict decide between fail and warning. */

import { apiOf } from '../apis/index.ts';
import type { Check } from '../checks/support/define-check.ts';
import type { Arrivals, Exchange, Frame } from '../model/exchange.ts';
import { type Broken, type Finding, observed } from '../model/finding.ts';
import type { Observations } from '../model/observations.ts';
import type { Evidence, Result, ShownFrame, Verdict } from '../model/report.ts';
import type { Deviation } from '../products/product.ts';
import { tellingJson } from '../text/telling-json.ts';
import { type Filed, findAll } from './find.ts';

export interface Judging {
  /** In the order they are shown. */
  readonly checks: readonly Check[];
  /** SHOULDs fail, and no profile lowers anything. */
  readonly strict: boolean;
  /** What the server's profile accepts; null where nothing. */
  readonly accepted: (check: string, caseKey: string) => Deviation | null;
}

/** Characters of a frame or a body that are shown. Usage stands at the end of a body: more is kept of that. */
const SHOWN_CHARS = 2000;
const SHOWN_HEAD = 600;
/** Frames of a stream that are shown where a check names none. */
const LAST_FRAMES = 4;

/** All results of a server, `confirmed` not yet known. */
export function judge(seen: Observations, judging: Judging): readonly Result[] {
  const accepted = (check: string, key: string) => (judging.strict ? null : judging.accepted(check, key));
  const lowers = (check: Check, key: string) => accepted(check.id, key) !== null;
  return findAll(seen, judging.checks, lowers).map((filed) =>
    toResult(filed, judging.strict, accepted(filed.check.id, filed.record.key)),
  );
}

function verdictOf(finding: Finding, level: 'MUST' | 'SHOULD', strict: boolean, lowered: boolean): Verdict {
  if (finding.verdict !== 'broken') return finding.verdict;
  if (finding.mild || lowered) return 'warn';
  return level === 'MUST' || strict ? 'fail' : 'warn';
}

function toResult(
  { check, record, finding, exchange }: Filed,
  strict: boolean,
  deviation: Deviation | null,
): Result {
  const broken = finding.verdict === 'broken';
  const verdict = verdictOf(finding, check.level, strict, deviation !== null);
  return {
    check: check.id,
    case: record.key,
    api: record.id.api,
    verdict,
    level: check.level,
    expected: broken ? finding.expected : '',
    ...('class' in finding && finding.class !== undefined ? { class: finding.class } : {}),
    observed: broken ? observed(finding) : '',
    message: messageOf(finding),
    ...(finding.verdict === 'skip' && finding.cause !== undefined ? { cause: finding.cause } : {}),
    ...(broken && finding.numbers !== undefined ? { numbers: finding.numbers } : {}),
    baselined: false,
    ...('reference' in finding && finding.reference !== undefined ? { reference: finding.reference } : {}),
    ...(broken && verdict === 'fail'
      ? { confirmed: finding.twice === true ? ('2/2' as const) : ('-' as const) }
      : {}),
    ...(broken && deviation !== null && verdict === 'warn' && !finding.mild && check.level === 'MUST'
      ? { lowered: { reason: deviation.reason, link: deviation.link } }
      : {}),
    ...(broken && exchange !== null
      ? { evidence: evidenceOf(finding, exchange, apiOf(record.id.api).terms.telling) }
      : {}),
  };
}

/** @param telling names of fields that are kept of what is too long */
function evidenceOf(finding: Broken, exchange: Exchange, telling: readonly string[]): Evidence {
  const frames = framesOf(finding, exchange);
  const { reply } = exchange;
  const arrivals =
    reply.kind === 'response' && reply.body.kind === 'stream' ? reply.body.stream.arrivals : null;
  const own = (frame: ShownFrame | Frame): frame is Frame =>
    arrivals !== null && 'index' in frame && isAmong(frame, arrivals);
  return {
    frames: frames.map((frame) => ({
      at: frame.at,
      data: shown(frame.data, telling),
      ...(frame.event === undefined ? {} : { event: frame.event }),
      ...(own(frame) ? { number: frame.index + 1 } : {}),
    })),
    curl: exchange.curl,
    // Checks that compare answers may show frames of another one.
    ...(arrivals !== null && frames.every(own) ? { arrivals } : {}),
  };
}

/** As far as the times tell, which are rounded, and those of some frames only where there were many. */
function isAmong({ index, at }: Frame, { count, times }: Arrivals): boolean {
  if (index >= count) return false;
  const seen = times.length === count ? times[index] : undefined;
  return seen === undefined ? at <= (times.at(-1) ?? 0) + 0.1 : Math.abs(seen - at) <= 0.1;
}

/** What shows a break: the frames that its check names, else what came. */
function framesOf({ frames = [] }: Broken, { reply }: Exchange): ReadonlyArray<ShownFrame | Frame> {
  if (frames.length > 0 || reply.kind !== 'response') return frames;
  switch (reply.body.kind) {
    case 'stream':
      return reply.body.stream.frames.slice(-LAST_FRAMES);
    case 'json':
    case 'text':
      return [{ at: reply.totalMs, data: reply.body.text }];
    case 'empty':
      return [];
  }
}

/** What is too long keeps what tells something, where that is short enough. */
function shown(text: string, telling: readonly string[]): string {
  if (text.length <= SHOWN_CHARS) return text;
  const part = tellingJson(text, telling);
  if (part !== null && part.length <= SHOWN_CHARS) return part;
  return `${text.slice(0, SHOWN_HEAD)} … ${text.slice(SHOWN_HEAD - SHOWN_CHARS)}`;
}

function messageOf(finding: Finding): string {
  switch (finding.verdict) {
    case 'pass':
      return finding.note ?? '';
    case 'broken':
      return finding.message ?? [observed(finding), finding.hint].filter(Boolean).join('; ');
    case 'skip':
    case 'error':
      return finding.reason;
  }
}
