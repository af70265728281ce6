import { apiOf } from '../../apis/index.ts';
import { allChecks } from '../../checks/catalogue.ts';
import { allCaseKeys } from '../../config/selection.ts';
import { applies } from '../../judge/find.ts';
import { type Api, apiIds, type Mode, type UsageOption } from '../../model/api.ts';
import { type CaseId, caseKey, parseCase, scenarioIds } from '../../model/case-id.ts';
import { pathOf } from '../../model/endpoint-path.ts';
import { costOf } from '../../scenarios/cost.ts';
import { aboutOf, scenarioOf } from '../../scenarios/index.ts';
import { plural } from '../../text/plural.ts';

/** The case of a key, where there is one. */
export function caseNamed(key: string): CaseId | null {
  if (!allCaseKeys().includes(key)) return null;
  const fields = parseCase(key);
  const api = apiIds.find((id) => id === fields.api);
  const scenario = scenarioIds.find((id) => id === fields.scenario);
  if (api === undefined || scenario === undefined) return null;
  return { api, scenario, mode: fields.mode as Mode, option: fields.option as UsageOption };
}

/** What a case asks, what judges it and how it is run alone, as Markdown. */
export function caseProse(id: CaseId): string {
  const api = apiOf(id.api);
  const scenario = scenarioOf(id.scenario);
  const { requests, prompt, generated } = costOf(id, 1);
  const checks = allChecks.filter((check) => applies(check, id) && judges(check.rule, api));
  return [
    `**${caseKey(id)}**: ${aboutOf(scenario, api)}`,
    [
      `- \`${id.api}\`: ${api.title}, POST ${pathOf(api.endpoint, id.mode, 'MODEL').path}`,
      `- \`${id.mode}\`: ${id.mode === 'stream' ? 'the answer is streamed' : 'the answer comes as a whole'}`,
      `- \`${id.option}\`: ${optionWords(id, api)}`,
      `- \`${id.scenario}\`: from the suite ${scenario.suite} on; ${plural(requests, 'request')} of at most ${prompt.toLocaleString('en')} prompt and ${generated.toLocaleString('en')} generated tokens`,
    ].join('\n'),
    `${plural(checks.length, 'check')} judge it: ${checks.map((check) => `\`${check.id}\``).join(', ')}`,
    `Alone: \`lastchunk check URL --only ${caseKey(id)}\``,
  ].join('\n\n');
}

/** An API that does not promise a rule is not judged by it. */
const judges = (rule: (typeof allChecks)[number]['rule'], { rules }: Api): boolean =>
  rule === undefined || rules.has(rule);

function optionWords({ mode, option }: CaseId, { terms }: Api): string {
  switch (option) {
    case 'asked':
      return `usage is asked for: ${terms.askUsage}`;
    case 'unasked':
      return `usage is not asked for: no ${terms.askUsage}`;
    case 'false':
    case 'null':
    case 'empty':
      return `usage is not asked for: in place of ${terms.askUsage} ${option === 'empty' ? 'an empty object' : option} is sent`;
    case '-':
      return mode === 'stream' ? 'usage comes unasked' : 'a whole answer has usage unasked';
  }
}
