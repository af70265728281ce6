import { expect, it } from 'vitest';
import { explainIn } from '../../src/commands/explain.ts';

it('says of a version what it does, since when, whether it is mended, and what helps', () => {
  const text = explainIn('llama-cpp-python 0.3.36', 'usage-present');
  expect(text).toMatch(/^llama-cpp-python 0\.3\.36.*: \S/);
  expect(text).toMatch(
    /^- In no release up to 0\.3\.36; .*https:\/\/github\.com\/abetlen\/llama-cpp-python\//m,
  );
  expect(text).toMatch(/^- Today: \S.* https:\/\//m);
});

it('leaves out what another version does', () => {
  expect(explainIn('Ollama 0.4.0', 'usage-present')).toContain('Mended in 0.5.2');
  expect(explainIn('Ollama 0.17.4', 'usage-present')).not.toContain('Mended in 0.5.2');
  expect(explainIn('Ollama 0.17.4', 'usage-total')).toBe(
    'Nothing is known of ollama 0.17.4 and this check.\n',
  );
});

it('without a version tells all that is known', () => {
  expect(explainIn('ollama', 'usage-present')).toContain('Mended in 0.5.2');
});

it('refuses a product that is not known', () => {
  expect(() => explainIn('something else', 'usage-present')).toThrow(
    'unknown product "something else"; see lastchunk list products',
  );
});

it('says in which measured versions it fails', () => {
  expect(explainIn('llama-cpp-python', 'usage-present')).toMatch(
    /^- llama-cpp-python: fails in all \d+ versions measured\.$/m,
  );
  expect(explainIn('xllamacpp', 'event-json')).toMatch(
    /^- xllamacpp: fails from 2026\.6\.9538 on .*; holds up to 2026\.5\.9294 /m,
  );
});
