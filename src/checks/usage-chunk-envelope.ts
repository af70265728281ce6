import { isCount, judgedUsage } from '../model/answer.ts';
import type { EnvelopeField } from '../model/api.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';

function holds({ holds: wanted }: EnvelopeField, value: unknown): boolean {
  if (typeof wanted === 'object') return value === wanted.value;
  if (wanted === 'a number') return typeof value === 'number';
  return wanted === 'an integer' ? isCount(value) : typeof value === 'string';
}

/** A field by its name: with its value, "an integer created", "a model". */
function inWords({ name, holds: wanted }: EnvelopeField): string {
  if (typeof wanted === 'object') return `${name} "${wanted.value}"`;
  return wanted === 'an integer' ? `an integer ${name}` : `a ${name}`;
}

export default answerCheck({
  id: 'usage-chunk-envelope',
  classes: ['absent', 'wrong'],
  modes: STREAM,
  options: ASKED,
  needs: ['usage-present'],
  reads: 'usage',
  judge(answer) {
    const usage = answer.kind === 'stream' ? judgedUsage(answer.stream) : null;
    const wanted = answer.api.envelope;
    if (usage === null || wanted.length === 0) return undefined;
    const wrong = wanted
      .filter((field) => !holds(field, usage.envelope[field.name]))
      .map(({ name }) => ({ name, value: usage.envelope[name] }));
    if (wrong.length === 0) return pass();
    return broken({
      expected: wanted
        .map(inWords)
        .join(', ')
        .replace(/, ([^,]*)$/, ' and $1'),
      class: wrong.every(({ value }) => value === undefined) ? 'absent' : 'wrong',
      detail: wrong.map(({ name, value }) => `${name} is ${JSON.stringify(value) ?? 'absent'}`).join(', '),
      frames: [usage.frame],
    });
  },
});
