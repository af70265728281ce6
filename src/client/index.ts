/** What a program imports as `lastchunk/client`. It runs in Node, Bun, Deno, browsers and on the edge. */
export { type NonStreamingTarget, nonStreamingCounter } from './non-streaming-counter.ts';
export type { Count, Counter, CountRequest, Usage, UsageOptions, UsageReport } from './report.ts';
export { type UsageSource, type WatchedUsage, type WatchUsageOptions, watchUsage } from './watch-usage.ts';
export { type WithUsageOptions, withUsage } from './with-usage.ts';
