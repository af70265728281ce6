/** `lastchunk/client` in the SDKs that people use, on real servers: one that sends no usage, and one that does. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nonStreamingCounter } from '../../src/client/index.ts';
import { type LaunchedServer, launch } from '../../src/launch/launch.ts';
import { recipeFor } from '../../src/products/recipe-for.ts';
import { names, sdks, watching } from '../client/sdks.ts';
import { isWanted } from './wanted.ts';

const fileOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const context = { cacheFolder: fileOf('.live'), model: fileOf('fixtures/models/stories260K-f32.gguf') };

const servers = [
  ['llama-cpp-python', '0.3.36', 'estimate', ['usage-present']],
  ['xllamacpp', '2026.10.11549', 'server', []],
] as const;

for (const [product, version, source, problems] of servers)
  describe.runIf(isWanted(`${product} ${version}`))(`${product} ${version}`, () => {
    let server: LaunchedServer;
    beforeAll(async () => {
      server = await launch(recipeFor(product, {}), version, context);
    });
    afterAll(() => server?.stop());

    it.each(names)('%s asks, and what the server does not send is counted', async (name) => {
      const { fetch, reports } = watching({ ask: true, count: nonStreamingCounter });
      const { text } = await sdks[name](server.baseUrl, fetch);
      expect(text).not.toBe('');
      // The limit was 16, and the text is ASCII: what the chunks tell is the truth.
      await expect
        .poll(() => reports, { timeout: 10_000 })
        .toMatchObject([{ usage: { completion_tokens: 16 }, source, problems, end: 'complete' }]);
    });
  });
