import { expect, test } from 'vitest';
import { shownCommand } from '../../src/commands/support/command-line.ts';

test.each([
  [['check', 'http://127.0.0.1:8080/v1', '--suite', 'smoke'], 'check http://127.0.0.1:8080/v1 --suite smoke'],
  [['check', '--api-key', 'ab'], 'check --api-key REDACTED'],
  [['check', '--api-key=ab c'], 'check --api-key=REDACTED'],
  [['check', '--header', 'Authorization: Bearer ab'], "check --header 'Authorization: REDACTED'"],
  [['check', '--header', 'x-mode: on'], "check --header 'x-mode: REDACTED'"],
  [['check', '--header', 'x-title: a b'], "check --header 'x-title: a b'"],
  [['check', 'http://me:pw@host/v1?api_key=abc&a=b'], "check 'http://host/v1?api_key=REDACTED&a=b'"],
  [['check', 'http://me@host/v1'], 'check http://host/v1'],
  [
    ['check', '--reference-server', 'http://host/?token=x'],
    "check --reference-server 'http://host/?token=REDACTED'",
  ],
  [['check', '--label', 'vLLM=http://me:pw@host/'], 'check --label vLLM=http://host/'],
  [['check', '--body', '{"api_key":"0123"}'], `check --body '{"api_key":"REDACTED"}'`],
  [
    ['upgrade', 'x', '--command', 'run --token "0123" -p {port}'],
    `upgrade x --command 'run --token "REDACTED" -p {port}'`,
  ],
  [['upgrade', 'x', '--command', 'KEY=ab12 run'], `upgrade x --command 'KEY=REDACTED run'`],
  [['check', '--only', 'in-the-environment'], 'check --only REDACTED'],
  [['check', "it's", 'a\u202eb'], "check 'it'\\''s' 'a\\u202eb'"],
])('%j is shown without keys', (words, shown) => {
  expect(shownCommand(words, { MY_TOKEN: 'in-the-environment' })).toBe(`lastchunk ${shown}`);
});
