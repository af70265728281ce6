/** A watch judges an answer as a run does: over all that was recorded, and with faults in it. */
import { describe, expect, it } from 'vitest';
import { answerOf, countsOf } from '../../src/model/answer.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import { outcomeOf } from '../../src/model/outcome.ts';
import { BodyWatch } from '../../src/watch/body-watch.ts';
import { isUsable, problemsOf } from '../../src/watch/judge.ts';
import { BodyReader } from '../../src/wire/body.ts';
import { capturedAnswers, type RecordedAnswer, recordedAnswers } from './recorded.ts';

/** What a run makes of it; null where it is no answer to be judged. */
function judgedByRun({ api, request, status, contentType, clean, bytes }: RecordedAnswer) {
  const { stream, asksUsage = null } = api.readRequest(request);
  const reader = new BodyReader({ api, request, contentType, streamAsked: status < 300 && stream === true });
  reader.push(bytes, 1);
  const body = reader.finish(clean ? { kind: 'clean' } : { kind: 'cut', message: 'reset' }, 2);
  const exchange: Exchange = {
    request: { method: 'POST', url: '', body: request },
    reply: { kind: 'response', status, contentType, headers: {}, headMs: 1, totalMs: 2, body },
    curl: '',
  };
  const mode = body.kind === 'stream' ? 'stream' : 'nonstream';
  const id = { api: api.id, mode, option: '-', scenario: 'text' } as const;
  const answer = answerOf(exchange, outcomeOf(exchange, api, mode, null), api, id);
  if (answer === null) return null;
  const counts = countsOf(answer);
  return {
    problems: problemsOf(answer, { asked: asksUsage, whole: true }),
    counts: isUsable(answer) && counts !== null ? [counts.prompt, counts.completion] : null,
    chunks: answer.choices.map(({ index, deltas, finishes }) => ({ index, deltas, finishes })),
    events: answer.kind === 'stream' ? answer.stream.events : 0,
  };
}

function judgedByWatch({ api, request, clean, bytes }: RecordedAnswer, size: number) {
  const watch = new BodyWatch({ api, request });
  for (let at = 0; at < bytes.length; at += size) watch.push(bytes.subarray(at, at + size));
  const { problems, usage, choices, chunks } = watch.end(clean ? 'clean' : 'cut');
  const counts = usage === null ? null : api.readUsage(usage);
  return {
    problems,
    counts: counts && [counts.prompt, counts.completion],
    chunks: choices.map(({ index, textChunks, finishes }) => ({ index, deltas: textChunks, finishes })),
    events: chunks,
  };
}

/** The same answer with a fault. */
function faulty(answer: RecordedAnswer): readonly RecordedAnswer[] {
  const text = new TextDecoder().decode(answer.bytes);
  const edit = (what: string, edited: string): readonly RecordedAnswer[] =>
    edited === text
      ? []
      : [{ ...answer, name: `${answer.name}, ${what}`, bytes: new TextEncoder().encode(edited) }];
  return [
    ...edit('cut', text.slice(0, text.length * 0.6)),
    ...edit('without an end', text.replace('data: [DONE]\n\n', '')),
    ...edit('with its end twice', text.replace('data: [DONE]\n\n', 'data: [DONE]\n\ndata: [DONE]\n\n')),
    ...edit('with no prompt', text.replace(/"prompt_tokens": ?\d+/, '"prompt_tokens":0')),
    ...edit('with half of its usage', text.replace(/"completion_tokens": ?\d+,?/, '')),
    ...edit('with a count in quotes', text.replace(/("completion_tokens": ?)(\d+)/, '$1"$2"')),
    ...edit('with a wrong sum', text.replace(/("total_tokens": ?)(\d+)/, '$19999')),
    ...edit('with no finish', text.replaceAll(/("finish_reason": ?)"\w+"/g, '$1null')),
    ...edit(
      'with its usage after its end',
      text.replace(/(data: \{[^\n]*"usage": ?\{[^\n]*\n\n)(data: \[DONE\]\n\n)/, '$2$1'),
    ),
    ...edit(
      'with an error',
      text.replace(/(data: [^\n]*\n\n)(data: \[DONE\]\n\n)/, '$1data: {"error":{"message":"no"}}\n\n$1'),
    ),
    ...edit('with an error line', text.replace('data: [DONE]\n\n', 'error: {"message":"no"}\n\n')),
  ];
}

const answers = [...recordedAnswers(), ...capturedAnswers()];

describe.each([
  ['in one piece', Number.POSITIVE_INFINITY],
  ['in pieces of 1000 bytes', 1000],
  ['in pieces of 7 bytes', 7],
])('%s', (_, size) => {
  it('a watch says of each recorded answer what a run says', () => {
    expect(answers.length).toBeGreaterThan(300);
    for (const answer of answers) {
      const run = judgedByRun(answer);
      if (run !== null) expect(judgedByWatch(answer, size), answer.name).toEqual(run);
    }
  });

  it('and of each with a fault', () => {
    const met = new Set<string>();
    for (const answer of answers.flatMap(faulty)) {
      const run = judgedByRun(answer);
      if (run === null) continue;
      for (const problem of run.problems) met.add(problem);
      expect(judgedByWatch(answer, size), answer.name).toEqual(run);
    }
    expect([...met].sort()).toEqual([
      'error-ends-stream',
      'finish-once',
      'nonstream-usage',
      'stream-end',
      'usage-complete',
      'usage-integers',
      'usage-last',
      'usage-nonzero',
      'usage-once',
      'usage-present',
      'usage-total',
      'usage-unrequested',
    ]);
  });
});
