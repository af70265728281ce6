import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readVersions } from '../../src/launch/registry.ts';
import {
  indexOfVersion,
  isPrerelease,
  isVersion,
  resolveVersions,
  sortVersions,
  versionsBetween,
} from '../../src/launch/version-spec.ts';

describe('Python versions', () => {
  // The order of PEP 440 itself, with real ones of the products between.
  const ordered = [
    '0.2.7',
    '0.2.14',
    '0.2.84',
    '0.3.0',
    '1.0.dev456',
    '1.0a1',
    '1.0a2.dev456',
    '1.0a12.dev456',
    '1.0a12',
    '1.0b1.dev456',
    '1.0b2',
    '1.0b2.post345.dev456',
    '1.0b2.post345',
    '1.0rc1.dev456',
    '1.0rc1',
    '1.0',
    '1.0+abc.5',
    '1.0+abc.7',
    '1.0+5',
    '1.0.post456.dev34',
    '1.0.post456',
    '1.0.15',
    '1.1.dev1',
    '2026.4.8672',
    '2026.4.8672.1',
    '2026.10.11549',
    '1!0.1',
  ];

  it('are the same version however they are spelt', () => {
    const place = (written: string, listed: string) => indexOfVersion(['0.1', listed], written);
    expect(place('1.0', '1.0.0')).toBe(1);
    expect(place('v1.0-RC_1', '1.0rc1')).toBe(1);
    expect(place('1.0-1', '1.0.post1')).toBe(1);
    expect(place('1.0alpha', '1.0a0')).toBe(1);
    expect(() => place('2026.4.8672', '2026.4.8672.1')).toThrow('is not in the list');
  });

  it.each(['', 'latest', '1.0; rm -rf', '1.0 --index-url x', '1..0', '../1.0', '0.2.x'])(
    '%j is none',
    (text) => {
      expect(isVersion(text)).toBe(false);
    },
  );

  it('are found to be pre-releases', () => {
    const pre = ordered.filter(isPrerelease);
    expect(pre).toContain('1.0.post456.dev34');
    expect(pre).not.toContain('1.0.post456');
  });

  it('have the order of PEP 440, whatever order they come in', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ordered, { minLength: ordered.length }), (shuffled) => {
        expect(sortVersions(shuffled, true)).toEqual(ordered);
      }),
    );
  });
});

describe('the output of pip index versions', () => {
  it('is read in both formats', () => {
    const plain = 'thing (0.2.8)\nAvailable versions: 0.2.8, 0.2.7\n  INSTALLED: 0.2.7\n';
    expect(readVersions(plain)).toEqual(['0.2.8', '0.2.7']);
    expect(readVersions('{"name":"thing","versions":["0.2.8"]}')).toEqual(['0.2.8']);
    expect(readVersions('{"name":')).toBeUndefined();
    expect(readVersions('ERROR: nothing')).toBeUndefined();
  });
});

describe('a version spec', () => {
  const versions = [
    '0.1.0',
    '0.2.7',
    '0.2.8',
    '0.2.14',
    '2026.4.8672',
    '2026.4.8672.1',
    '2026.10.11549',
    '2027.1.0rc1',
  ];
  const resolve = (spec: string) => resolveVersions(spec, async () => versions);

  it.each([
    ['0.2.7', ['0.2.7']],
    ['==0.2.7', ['0.2.7']],
    ['9.9.9', ['9.9.9']],
    ['latest', ['2026.10.11549']],
    ['2026.10.11549, 0.2.7,latest', ['2026.10.11549', '0.2.7']],
    ['0.2.x', ['0.2.7', '0.2.8', '0.2.14']],
    ['^0.2.8', ['0.2.8', '0.2.14']],
    ['>=0.2.8 <1', ['0.2.8', '0.2.14']],
    ['>=0.2.8,<1', ['0.2.8', '0.2.14']],
    ['0.1.0,>=0.2.8,<1,latest', ['0.1.0', '0.2.8', '0.2.14', '2026.10.11549']],
    ['2026.4.x', ['2026.4.8672', '2026.4.8672.1']],
    ['0.2.7 - 0.2.8', ['0.2.7', '0.2.8']],
    ['*', versions],
    ['<0.2 || >=2026.10', ['0.1.0', '2026.10.11549', '2027.1.0rc1']],
    ['~=0.2.8', ['0.2.8', '0.2.14']],
    ['>2026.4.8672 <2026.5', ['2026.4.8672.1']],
    ['<=2026.4.8672 >1', ['2026.4.8672']],
    ['>=2026.4.8672.1', ['2026.4.8672.1', '2026.10.11549', '2027.1.0rc1']],
    ['>=2026.4.8672.1 !=2026.10.11549', ['2026.4.8672.1', '2027.1.0rc1']],
    ['>=2026.10,<2027.1.0-rc.1', ['2026.10.11549']],
    ['>=2027.1.0rc1', ['2027.1.0rc1']],
  ])('%j means %j', async (spec, wanted) => {
    expect(await resolve(spec)).toEqual(wanted);
  });

  it.each([
    ['', 'no version was named'],
    [' , ', 'no version was named'],
    ['newest', 'neither a version'],
    ['>=99 <100', 'no version satisfies ">=99 <100"; there are 8, 0.1.0 to 2027.1.0rc1'],
  ])('%j is an error', async (spec, message) => {
    await expect(resolve(spec)).rejects.toThrow(message);
  });

  it('of plain versions asks no registry', async () => {
    const list = () => Promise.reject(new Error('offline'));
    expect(await resolveVersions('0.2.84,0.2.87', list)).toEqual(['0.2.84', '0.2.87']);
  });

  it('takes a pre-release for the latest only when there is nothing else', async () => {
    expect(await resolveVersions('latest', async () => ['1.0rc1', '1.0rc2'])).toEqual(['1.0rc2']);
  });
});

describe('a part of a version list', () => {
  it('is found between two versions in either order', () => {
    expect(versionsBetween(['1.0', '1.1', '1.2', '1.3'], '1.2.0', '1.1')).toEqual(['1.1', '1.2']);
    expect(indexOfVersion(['main', 'next'], 'next')).toBe(1);
    expect(() => indexOfVersion(['1.0', '1.1'], '2.0')).toThrow(
      'version 2.0 is not in the list (2, 1.0 to 1.1)',
    );
  });
});
