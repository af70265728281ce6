import { isJsonObject, parseJson } from '../model/json.ts';
import { errorIn, type StatedError } from '../model/stated-error.ts';

/**
 * An error in a line that is no field of SSE: `error: {…}` (llama.cpp until 2025) or a line of bare JSON that reports one.
 * null for any other line.
 */
export function errorLine(
  line: string,
): { readonly form: 'sse-line' | 'bare-json'; readonly error: StatedError } | null {
  const [form, error] = line.startsWith('error:')
    ? (['sse-line', errorAfterColon(line.slice('error:'.length))] as const)
    : (['bare-json', errorInText(line)] as const);
  return error === null ? null : { form, error };
}

/** The error itself, an object that reports it, or plain words. */
function errorAfterColon(text: string): StatedError | null {
  const value = parseJson(text);
  return (
    (isJsonObject(value) ? errorIn(value) : null) ??
    errorIn({ error: value === undefined ? text.trim() : value })
  );
}

function errorInText(line: string): StatedError | null {
  const start = line.trimStart();
  const value = start.startsWith('{') ? parseJson(start) : undefined;
  return isJsonObject(value) ? errorIn(value) : null;
}
