import type { ApiId, Mode, UsageOption } from './api.ts';

export interface CaseId {
  readonly api: ApiId;
  readonly mode: Mode;
  readonly option: UsageOption;
  readonly scenario: ScenarioId;
}

export const scenarioIds = [
  'text',
  'short',
  'max-completion-tokens',
  'natural',
  'stop',
  'grow-20',
  'grow-80',
  'grow-240',
  'repeat',
  'utf8',
  'tools-offered',
  'n2',
  'list-prompts',
  'token-ids',
  'logprobs',
  'repetition',
  'reasoning',
  'parallel',
  'sequence',
  'abort',
  'tools-called',
  'json',
  'overlong',
] as const;

export type ScenarioId = (typeof scenarioIds)[number];

/** `<api>/<mode>/<option>/<scenario>`, a contract: baselines and other programs name cases by it. */
export function caseKey(id: CaseId): string {
  return `${id.api}/${id.mode}/${id.option}/${id.scenario}`;
}
