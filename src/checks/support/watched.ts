/** What an API's reader saw of the rules that only it can watch. */
import { type Answer, breachesOf, hasErred } from '../../model/answer.ts';
import type { Breach, WatchedRule } from '../../model/breach.ts';
import { blocked, broken, type Finding, pass } from '../../model/finding.ts';

type BreachClass<R extends WatchedRule> = Extract<Breach, { readonly rule: R }>['class'];

/** The worst way in which a rule is broken. An answer that erred is judged by its error alone. */
export function watched<R extends WatchedRule>(answer: Answer, rule: R): Finding<BreachClass<R>> {
  if (hasErred(answer)) return blocked('error-ends-stream: the stream ended in an error');
  const [worst] = breachesOf(answer, rule);
  if (worst === undefined) return pass();
  const { expected, detail, numbers, mild = false, frame } = worst;
  const usages = answer.kind === 'stream' ? answer.stream.usages.map((usage) => usage.frame) : [];
  const last = usages.slice(1).at(-1);
  return broken({
    // Breaches of this rule have its classes, which the compiler does not see.
    class: worst.class as BreachClass<R>,
    expected,
    detail,
    ...(numbers === undefined ? {} : { numbers }),
    frames: frame === null ? [...usages.slice(0, 1), ...(last === undefined ? [] : [last])] : [frame],
    mild,
  });
}
