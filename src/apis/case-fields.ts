import { apis } from './index.ts';

/** What is wrong with fields that are to be merged into each request, in words; null: nothing. */
export function faultOfFields(fields: Readonly<Record<string, unknown>>): string | null {
  const cases = [...apis.values()].flatMap((api) => api.fields.cases);
  const taken = cases.find((name) => name in fields);
  return taken === undefined ? null : `${JSON.stringify(taken)} is what the cases differ in; leave it out`;
}
