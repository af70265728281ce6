/** `upgrade` of a gateway: what it was put in front of is in the report. Its environments look installed, and hold the toy server. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { lastchunk } from '../cli/lastchunk.ts';

const toy = new URL('./toy-server.mjs', import.meta.url).href;
const cache = mkdtempSync(join(tmpdir(), 'lastchunk-gateway-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const model = fileURLToPath(new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url));
const upgrade = (upstream: string, ...more: readonly string[]) =>
  lastchunk(
    ['upgrade', 'litellm', '--versions', '1.0.0', '--upstream', upstream, '--suite', 'smoke', ...more],
    { LASTCHUNK_CACHE: cache },
  );

/** An environment as the installer leaves one, with programs that start the toy server. */
function installed(product: string, version: string, requirement: string, programs: readonly string[]) {
  const folder = join(cache, 'python', product, version);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const marker = { requirements: [`${requirement}==${version}`], buildEnv: {}, packages: {} };
  writeFileSync(join(folder, 'lastchunk-environment.json'), JSON.stringify(marker));
  const script = [
    `#!${process.execPath}`,
    // xllamacpp's script gets its port in JSON.
    `const json = process.argv.at(-1); const port = json.startsWith('{') ? String(JSON.parse(json).port) : null;`,
    `process.argv.push(...(port === null ? [] : ['--port', port]), '--version', '1.0.0');`,
    `import(${JSON.stringify(toy)});`,
  ].join('\n');
  for (const program of programs) {
    writeFileSync(join(folder, 'bin', program), script);
    chmodSync(join(folder, 'bin', program), 0o755);
  }
}

it('a gateway in front of a launched server names it in its report, with its version', async () => {
  installed('litellm', '1.0.0', 'litellm[proxy]', ['python', 'litellm']);
  installed('xllamacpp', '0.2.7', 'xllamacpp', ['python']);
  const { stdout } = await upgrade('xllamacpp@0.2.7', '--model', model, '--format', 'json');
  const { servers } = JSON.parse(stdout) as { servers: unknown[] };
  // The toy says nothing of itself, as old gateways don't.
  expect(servers[0]).toMatchObject({
    product: 'litellm',
    version: '1.0.0',
    identifiedBy: 'its launch',
    launched: {
      product: 'litellm',
      version: '1.0.0',
      upstream: { product: 'xllamacpp', version: '0.2.7' },
    },
  });
});

it('the server behind a gateway is one version', async () => {
  const { code, stderr } = await upgrade('xllamacpp@0.2.7,0.2.8', '--model', model);
  expect(stderr).toContain('--upstream xllamacpp@0.2.7,0.2.8: name one version');
  expect(code).toBe(2);
});
