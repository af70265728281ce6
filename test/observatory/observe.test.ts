/** `npm run observe` on a plan of its own, and the plan that is kept. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { launchableProducts } from '../../src/products/recipe-for.ts';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lastchunk-observe-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const records = join(folder, 'records');

function begun(...args: readonly string[]) {
  const child = spawn(
    process.execPath,
    [at('scripts/observe.mjs'), ...['--plan', join(folder, 'plan.yaml'), '--records', records], ...args],
    { env: { ...process.env, LASTCHUNK_CACHE: join(folder, 'cache') }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString();
  });
  const ended = new Promise<{ code: number | null; out: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, out })),
  );
  return { child, ended };
}

const observe = (...args: readonly string[]) => begun(...args).ended;

const toy = at('test/upgrade/toy-server.mjs');
const command = `${JSON.stringify(process.execPath)} ${JSON.stringify(toy)} --port {port} --version {version}`;

/** JSON is YAML. */
function planned(...versions: readonly unknown[]): void {
  const entry = { product: 'toy', arguments: ['--command', command], versions };
  const text = JSON.stringify({ arguments: ['--suite', 'smoke', '--seed', '1'], products: [entry] });
  writeFileSync(join(folder, 'plan.yaml'), text);
}

it('keeps a record of each version, of one that does not start as well, and passes over what it has', async () => {
  planned('1.0.0', { version: '1.9.9' });
  const first = await observe();
  expect(first.out).toContain('2 kept, 0 passed over, 0 not kept');
  expect(first.code).toBe(0);
  expect(readdirSync(join(records, 'toy'))).toEqual(['1.0.0.json', '1.9.9.json']);
  const stateOf = (version: string): unknown =>
    (JSON.parse(readFileSync(join(records, 'toy', `${version}.json`), 'utf8')) as { state: unknown }).state;
  expect([stateOf('1.0.0'), stateOf('1.9.9')]).toEqual(['measured', 'unavailable']);
  const second = await observe('toy', '1.0.0');
  expect(second.out).toContain('0 kept, 1 passed over, 0 not kept');
});

it('that is interrupted ends its server and keeps nothing of the version', async () => {
  planned('hangs');
  const { child, ended } = begun();
  child.stderr.setEncoding('utf8');
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (text: string) => {
      if (text.includes('toy hangs: starting')) resolve();
    });
  });
  child.kill('SIGINT');
  const { code, out } = await ended;
  expect(out).toContain('0 kept, 0 passed over, 1 not kept');
  expect(code).toBe(130);
  expect(readdirSync(join(folder, 'cache', 'observed', 'toy'))).not.toContain('hangs.json');
});

const pins = {
  asOf: z.iso.date().optional(),
  constraints: z.array(z.string()).optional(),
  overrides: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
};
const version = z.union([
  z.string(),
  z.strictObject({ version: z.string(), arguments: z.array(z.string()).optional(), ...pins }),
]);
const plan = z.strictObject({
  arguments: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  products: z.array(
    z.strictObject({
      product: z.string(),
      upstream: z
        .string()
        .regex(/^[^@]+@\d[^@]*$/)
        .optional(),
      arguments: z.array(z.union([z.string(), z.array(z.string())])),
      versions: z.union([z.literal('all'), z.array(version)]),
      ...pins,
    }),
  ),
});

describe('the plan that is kept', () => {
  const kept = plan.parse(parse(readFileSync(at('observatory/plan.yaml'), 'utf8')));

  it('names products that can be launched', () => {
    const unknown = kept.products.filter(
      ({ product, arguments: args }) =>
        !launchableProducts.includes(product) && !args.flat().includes('--command'),
    );
    expect(unknown.map(({ product }) => product)).toEqual([]);
  });

  it('names each version once', () => {
    for (const { versions } of kept.products) {
      if (versions === 'all') continue;
      const names = versions.map((one) => (typeof one === 'string' ? one : one.version));
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
