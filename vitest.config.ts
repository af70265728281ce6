import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/live/**'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Whole runs against simulated servers wait more than they work.
    maxConcurrency: 16,
    maxWorkers: 3,
    // Hooks of a file are set in that file, so that modules can be loaded once.
    isolate: false,
  },
});
