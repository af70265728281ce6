/** The fields of a request that the cases differ in. An answer is judged by them: with others a correct server looks wrong. */
const CASE_FIELDS: readonly string[] = [
  ...['messages', 'prompt', 'stream', 'stream_options'],
  ...['n', 'max_tokens', 'max_completion_tokens'],
];

/** What is wrong with fields that are to be merged into each request, in words; null: nothing. */
export function faultOfFields(fields: Readonly<Record<string, unknown>>): string | null {
  const taken = CASE_FIELDS.find((name) => name in fields);
  return taken === undefined ? null : `${JSON.stringify(taken)} is what the cases differ in; leave it out`;
}
