import type { Api } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import { visitMembers, type WrittenMember } from '../text/json-members.ts';

const OPTIONS = 'stream_options';
const INCLUDE = 'include_usage';
const INCLUDED = `"${INCLUDE}":true`;

/** `stream_options: {"include_usage": true}` in a request, put into its text: numbers, escapes and order stay as written. */
export const asking: NonNullable<Api['asking']> = { names: [OPTIONS, INCLUDE], added };

function added(text: string, body: JsonObject): string | null {
  const options = body[OPTIONS];
  if (body.stream !== true || (isJsonObject(options) && options[INCLUDE] === true)) return null;
  const members: WrittenMember[] = [];
  visitMembers(
    text,
    ([name, ...deeper]) => name === OPTIONS && deeper.length === 0,
    (member) => members.push(member),
  );
  const put = (start: number, end: number, what: string) => text.slice(0, start) + what + text.slice(end);
  // Of a key that stands twice the last one counts.
  const own = members.findLast(({ path }) => path.length === 1 && path[0] === OPTIONS);
  const last = members.findLast(({ path }) => path.length === 1);
  if (own === undefined)
    return last === undefined ? null : put(last.end, last.end, `,"${OPTIONS}":{${INCLUDED}}`);
  if (options === null) return put(own.start, own.end, `{${INCLUDED}}`);
  if (!isJsonObject(options)) return null;
  const within = ({ start }: WrittenMember) => start > own.start && start < own.end;
  const said = members.findLast((member) => within(member) && member.path[1] === INCLUDE);
  if (said !== undefined) return put(said.start, said.end, 'true');
  const isEmpty = Object.keys(options).length === 0;
  return put(own.start + 1, own.start + 1, isEmpty ? INCLUDED : `${INCLUDED},`);
}
