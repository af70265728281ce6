/** Records made up for tests. Nothing here was measured. */
import type { MeasuredRecord, RecordedFault, Tallies, UnavailableRecord } from '../../src/model/record.ts';

const measured = { at: '2026-01-02T03:04:05.000Z', tool: '0.1.0', catalogue: 2, suite: 'standard', seed: 7 };

/** A version in which `usage-present` and `usage-once` passed in chat streams, with what is different. */
export function record(version: string, change: Partial<MeasuredRecord> = {}): MeasuredRecord {
  return {
    kind: 'lastchunk-record',
    schemaVersion: 1,
    product: 'toy',
    version,
    measured,
    state: 'measured',
    identified: { product: 'toy', version },
    model: 'tiny',
    requests: 10,
    seconds: 2,
    notServed: [],
    results: { chat: { stream: { 'usage-once': 5, 'usage-present': 5 } } },
    faults: [],
    ...change,
  };
}

/** The same with other results in chat streams. */
export const withStreams = (version: string, stream: Tallies): MeasuredRecord =>
  record(version, { results: { chat: { stream } } });

export const absent: Tallies = { 'usage-present': { fail: { absent: 5 } } };
export const present: Tallies = { 'usage-present': 5 };

export function unavailable(version: string, reason: string): UnavailableRecord {
  const { kind, schemaVersion, product } = record(version);
  return { kind, schemaVersion, product, version, measured, state: 'unavailable', reason };
}

export function recordedFault(change: Partial<RecordedFault> = {}): RecordedFault {
  return {
    check: 'usage-present',
    class: 'absent',
    case: 'chat/stream/asked/text',
    expected: 'a usage',
    observed: 'absent: in all 14 events',
    frame: { data: '{"choices":[]}' },
    curl: 'curl -sN http://127.0.0.1:8080/v1/chat/completions',
    ...change,
  };
}
