/** What a time may be written as. */
export const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m)?$/;

const MOST_MS = 86_400_000;
const FACTORS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** ms from "90" (seconds), "500ms", "5s", "2m"; null for anything else, and for more than a day. */
export function durationMs(text: string): number | null {
  const [, number, unit = 's'] = DURATION.exec(text.trim()) ?? [];
  const value = Number(number) * (FACTORS[unit] ?? Number.NaN);
  return value <= MOST_MS ? value : null;
}
