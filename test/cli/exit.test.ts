import { expect, test } from 'vitest';
import { statusOf } from '../../src/cli/exit.ts';
import { VersionSpecError } from '../../src/launch/version-spec.ts';
import { ConfigError, UsageError } from '../../src/model/errors.ts';
import { RecordingError } from '../../src/recordings/recording-error.ts';
import { ModelChoiceError } from '../../src/run/discover.ts';
import { TokenizerError } from '../../src/tokenizer/index.ts';
import { ServerUrlError } from '../../src/wire/url.ts';

test.each([
  new UsageError('x'),
  new ConfigError('x'),
  new ServerUrlError('x', 'y'),
  new ModelChoiceError('x'),
  new RecordingError('x'),
  new VersionSpecError('x'),
  new TokenizerError('file', 'x'),
])('%s is user may mend: exit code 2', (error) => {
  expect(statusOf(error)).toBe(2);
});

test('an error that only calls itself one of those is a fault of ours', () => {
  expect(statusOf(Object.assign(new Error('x'), { name: 'RecordingError' }))).toBe(3);
});
