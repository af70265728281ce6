import { isJsonObject, parseJson } from '../model/json.ts';
import { withMember } from '../text/json-edit.ts';
import type { OwnAnswer } from './ask.ts';
import type { ObservedApi } from './route.ts';

export interface Counts {
  readonly prompt: number;
  readonly completion: number;
}

/** The counts of a whole answer; null where it is none, or has none that can be used. */
export function countsIn(api: ObservedApi, { status, bytes }: OwnAnswer): Counts | null {
  const value = status === 200 ? parseJson(bytes.toString('utf8')) : undefined;
  if (!isJsonObject(value)) return null;
  const { usage } = api.readWhole(value, null);
  const { prompt, completion } = api.readUsage(usage.kind === 'value' ? usage.value : null);
  return isCount(prompt) && isCount(completion) && prompt > 0 ? { prompt, completion } : null;
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** The same request for the shortest whole answer, whose usage counts the same prompt; null where it can't be written. */
export function promptAlone(api: ObservedApi, body: Buffer): Buffer | null {
  let text: string | null = body.toString('latin1');
  for (const { path, json } of api.proxied.shortest)
    text = text === null ? null : withMember(text, path, json);
  return text === null ? null : Buffer.from(text, 'latin1');
}
