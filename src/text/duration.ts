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

/** A time as a person reads it: `840 ms`, `3.2 s`, `4 min 12 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
