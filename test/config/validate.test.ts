import { expect, test } from 'vitest';
import { z } from 'zod';
import { validate } from '../../src/config/validate.ts';
import { YamlSource } from '../../src/config/yaml-source.ts';

test('a file that takes too long to validate is refused', () => {
  // As a glob whose expression goes back over all it has read, again and again.
  const endless = z.string().refine((text) => /^(?:a+)+$/.test(text));
  const source = new YamlSource('/x/lastchunk.yaml', `${'a'.repeat(60)}!`);
  expect(() => validate(source, endless, 200)).toThrow('takes over 0.2 s to validate; make it smaller');
});
