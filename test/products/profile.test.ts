import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { products } from '../../src/products/index.ts';
import { llamaCpp } from '../../src/products/llama-cpp.ts';
import type { Deviation, Product } from '../../src/products/product.ts';
import { deviationOf, isNeverLowered, lowering } from '../../src/products/profile.ts';

const made: Deviation = {
  check: 'usage-unrequested',
  cases: 'completions/*',
  versions: '>=0.0.4402 <0.0.9000',
  reason: 'made for this test',
  link: 'https://example.invalid/1',
};
const product = (deviation: Partial<Deviation>): Product => ({
  ...llamaCpp,
  deviations: [{ ...made, ...deviation }],
});
const CASE = 'completions/stream/unasked/text';

describe('lowering', () => {
  it('takes check, cases and versions together', () => {
    const one = product({});
    expect(deviationOf(one, 'b7376', 'usage-unrequested', CASE)).toMatchObject(made);
    expect(deviationOf(one, 'b4401', 'usage-unrequested', CASE)).toBeNull();
    expect(deviationOf(one, 'b9000', 'usage-unrequested', CASE)).toBeNull();
    expect(deviationOf(one, 'b7376', 'usage-once', CASE)).toBeNull();
    expect(deviationOf(one, 'b7376', 'usage-unrequested', 'chat/stream/unasked/text')).toBeNull();
  });

  it('lowers nothing where the version is unknown or incomparable', () => {
    const any = product({ versions: '*' });
    expect(deviationOf(any, 'b7376', 'usage-unrequested', CASE)).not.toBeNull();
    for (const version of [null, '', 'b0-unknown', 'b1', 'newest']) {
      expect(deviationOf(any, version, 'usage-unrequested', CASE)).toBeNull();
    }
  });

  it('never touches the checks that are the point of the tool, even if a product asks for it', () => {
    for (const check of ['usage-present', 'usage-total', 'prompt-stable', 'completion-matches-nonstream']) {
      expect(deviationOf(product({ check, cases: '*' }), 'b7376', check, CASE)).toBeNull();
    }
  });

  it('knows no unknown product', () => {
    expect(lowering(null, '1.0.0', 'usage-once', CASE)).toBeNull();
    expect(lowering('openai', '1.0.0', 'usage-once', CASE)).toBeNull();
  });

  it('llama-cpp-python interrupts a stream for a new request, as its setting says', () => {
    const lower = (version: string | null, caseId: string) =>
      lowering('llama-cpp-python', version, 'parallel-independent', caseId)?.link;
    expect(lower('0.2.84', 'chat/stream/asked/parallel')).toContain('CHANGELOG');
    expect(lower('0.3.36', 'completions/stream/asked/parallel')).toContain('CHANGELOG');
    expect(lower('0.1.68', 'chat/stream/asked/parallel')).toBeUndefined();
    expect(lower(null, 'chat/stream/asked/parallel')).toBeUndefined();
  });
});

describe('every product', () => {
  it.each([...products.values()])('$id: its deviations keep the rule', (one) => {
    for (const deviation of one.deviations) {
      expect(isNeverLowered(deviation.check), deviation.check).toBe(false);
      expect(semver.validRange(deviation.versions), deviation.versions).not.toBeNull();
      expect(deviation.link).toMatch(/^https:\/\//);
      expect(deviation.reason).not.toBe('');
    }
  });

  it.each([...products.values()])('$id: comparable versions are semver', (one) => {
    for (const version of ['1.2.3', 'v1.2', '0.14.0rc2.dev7+g2322', 'b7376', 'b7376-380b4c984', 'x', '']) {
      const comparable = one.comparable(version);
      if (comparable !== null) expect(semver.valid(comparable)).toBe(comparable);
    }
  });

  it('llama.cpp counts builds', () => {
    expect(llamaCpp.comparable('b7376')).toBe('0.0.7376');
    expect(llamaCpp.comparable('b7376-380b4c984')).toBe('0.0.7376');
    expect(llamaCpp.comparable('0.2.7')).toBeNull();
  });
});

describe('never lowered', () => {
  it.each([
    'usage-present',
    'usage-integers',
    'usage-total',
    'prompt-grows',
    'prompt-matches-reference',
    'completion-equals-limit',
    'completion-matches-nonstream',
  ])('%s', (check) => expect(isNeverLowered(check)).toBe(true));
  it.each(['usage-once', 'usage-nonzero', 'list-prompts-counted', 'usage-unrequested'])(
    'not so: %s',
    (check) => {
      expect(isNeverLowered(check)).toBe(false);
    },
  );
});
