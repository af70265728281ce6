import { isCount, judgedUsage } from '../model/answer.ts';
import type { EnvelopeField } from '../model/api.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';

function holds({ holds: wanted }: EnvelopeField, value: unknown): boolean {
  if (typeof wanted === 'object') return value === wanted.value;
  return wanted === 'an integer' ? isCount(value) : typeof value === 'string';
}

/** `object "text_completion"`, "an integer created", "a model". */
function inWords({ name, holds: wanted }: EnvelopeField): string {
  if (typeof wanted === 'object') return `${name} "${wanted.value}"`;
  return wanted === 'an integer' ? `an integer ${name}` : `a ${name}`;
}

export default answerCheck({
  id: 'usage-chunk-envelope',
  modes: STREAM,
  options: ASKED,
  needs: ['usage-present'],
  reads: 'usage',
  judge(answer) {
    const usage = answer.kind === 'stream' ? judgedUsage(answer.stream) : null;
    const wanted = answer.api.envelope;
    if (usage === null || wanted.length === 0) return undefined;
    const wrong = wanted.flatMap((field) => {
      const value = usage.envelope[field.name];
      return holds(field, value) ? [] : [`${field.name} is ${JSON.stringify(value) ?? 'absent'}`];
    });
    if (wrong.length === 0) return pass();
    const word = wrong.every((fault) => fault.endsWith('absent')) ? 'absent' : 'wrong';
    return broken({
      expected: wanted
        .map(inWords)
        .join(', ')
        .replace(/, ([^,]*)$/, ' and $1'),
      observed: `${word}: ${wrong.join(', ')}`,
      frames: [usage.frame],
    });
  },
});
