/** Packages of npm, installed by a stand-in that does what npm does to the folder. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { installNpmPackage, listNpmVersions } from '../../src/launch/npm-environment.ts';
import { temporaryFolder } from './temporary.ts';

const gateway = { product: 'gate', name: '@org/gate', overrides: { hono: '4.9.7' }, program: 'gate' };

/** An `npm` that puts the program in, refuses version 9.9.9, and lists two versions. */
function withNpm() {
  const folder = temporaryFolder();
  const script = [
    `#!${process.execPath}`,
    `const fs = require('node:fs'); const args = process.argv.slice(2);`,
    `fs.appendFileSync(${JSON.stringify(path.join(folder, 'calls'))}, args.join(' ') + '\\n');`,
    `if (args[0] === 'view') { console.log(JSON.stringify(['1.10.0', '1.9.0', '2.0.0-rc.1'])); process.exit(0); }`,
    `if (args.at(-1).endsWith('@9.9.9')) { console.error('npm error code ETARGET\\nnpm error notarget No matching version'); process.exit(1); }`,
    `const bin = args[args.indexOf('--prefix') + 1] + '/node_modules/.bin';`,
    `fs.mkdirSync(bin, { recursive: true }); fs.writeFileSync(bin + '/gate', '', { mode: 0o755 });`,
  ].join('\n');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'npm'), script);
  chmodSync(path.join(folder, 'npm'), 0o755);
  const env = { ...process.env, PATH: `${folder}${path.delimiter}${process.env.PATH}` };
  const calls = () => readFileSync(path.join(folder, 'calls'), 'utf8').trimEnd().split('\n');
  return { context: { cacheFolder: temporaryFolder(), env }, calls };
}

it('is installed once, with the versions of other packages that it wants, and no scripts', async () => {
  const { context, calls } = withNpm();
  const first = await installNpmPackage(gateway, '1.2.3', context);
  expect(first.installedNow).toBe(true);
  expect(existsSync(first.program)).toBe(true);
  const again = await installNpmPackage(gateway, '1.2.3', context);
  expect(again).toEqual({ ...first, installedNow: false });
  expect(calls()).toHaveLength(1);
  expect(calls()[0]).toMatch(/^install --ignore-scripts .* @org\/gate@1\.2\.3$/);
  const folder = path.join(context.cacheFolder, 'npm', 'gate', '1.2.3');
  expect(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))).toMatchObject({
    overrides: { hono: '4.9.7' },
  });
});

it('that is not there is told as npm tells it', async () => {
  const { context } = withNpm();
  await expect(installNpmPackage(gateway, '9.9.9', context)).rejects.toThrow('No matching version');
});

it('refuses what is no version', async () => {
  const { context } = withNpm();
  await expect(installNpmPackage(gateway, 'latest --registry=x', context)).rejects.toThrow(
    'is no version of gate',
  );
});

it('has its versions listed in order, without pre-releases', async () => {
  const { context } = withNpm();
  expect(await listNpmVersions('@org/gate', context)).toEqual(['1.9.0', '1.10.0']);
});
