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
  'conversation',
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
  'tool-result',
  'image',
  'overlong',
  'count',
] as const;

export type ScenarioId = (typeof scenarioIds)[number];

/** `<api>/<mode>/<option>/<scenario>`. Never changed: baselines and other programs name cases by it. */
export function caseKey(id: CaseId): string {
  return `${id.api}/${id.mode}/${id.option}/${id.scenario}`;
}

/** The fields of a case id as read: a report from a file may name what this version does not know. */
export interface CaseFields {
  readonly api: string;
  readonly mode: string;
  readonly option: string;
  readonly scenario: string;
}

/** Splits any key into its parts; missing ones are empty. The inverse of caseKey. */
export function parseCase(key: string): CaseFields {
  const [api = '', mode = '', option = '', ...rest] = key.split('/');
  return { api, mode, option, scenario: rest.join('/') };
}

/** `<api>/<mode>/<option>`: all of a case but its scenario. */
export function casePrefix({ api, mode, option }: CaseFields): string {
  return `${api}/${mode}/${option}`;
}

/** The mode a case id names. */
export function modeOf(caseId: string): Mode {
  return parseCase(caseId).mode === 'nonstream' ? 'nonstream' : 'stream';
}
