/** What no server should say. */

/** Bytes put into the middle of a body: encodings, framing, events, JSON. */
export const GARBAGE = [
  ...[[0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0], [0x1b, 0x5b, 0x32, 0x4a]].map((bytes) =>
    Buffer.from(bytes),
  ),
  ...[
    '\ufeff',
    '\u2028',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\r\r',
    ' ',
    ':',
    ': comment\n\n',
    'retry: 0\n',
    'data:',
  ],
  ...[
    'data: [DONE]\n\n',
    'data: null\n\n',
    'data: {}\n\n',
    'data: []\n\n',
    'data: "usage"\n\n',
    'event: error\n',
  ],
  ...['error: {"message":"no"}\n\n', 'data: {"error":{"message":"no"}}\n\n', '<html><body>502</body></html>'],
  ...['{', '}', '[', ']', '"', '\\', '\\ud800', ',', '1e999', '-0', '"__proto__":{"usage":1},'],
  ...['['.repeat(10_000), 'x'.repeat(70_000), 'data: {"choices":[]}\n\n'.repeat(300)],
].map((part) => Buffer.from(part));

/** In place of a value of a JSON document. */
export const VALUES = [
  ...[
    null,
    true,
    false,
    0,
    -0,
    -1,
    0.5,
    1e308,
    2 ** 53,
    -(2 ** 31),
    '',
    '7',
    'x',
    'x'.repeat(5000),
    'constructor',
  ],
  ...[
    '\u0000\u001b[31m',
    '\ud800',
    [],
    {},
    [[]],
    [null],
    { usage: null },
    { toString: 1 },
    Array(200).fill(0),
  ],
];

/** In place of a key. */
export const KEYS = '__proto__ constructor choices delta error index finish_reason id text'.split(' ');

export const HEADERS = [
  { 'content-type': 'text/html' },
  { 'content-type': 'application/json' },
  { 'content-type': 'text/event-stream; charset=utf-16' },
  { 'content-type': 'x'.repeat(9000) },
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'br, deflate' },
  { 'content-encoding': 'nonsense' },
  { 'retry-after': '1e-300' },
  { 'retry-after': '-1' },
  { 'retry-after': '99999999999' },
  { 'retry-after': 'soon' },
  { server: 'vLLM/0.0.0' },
  { server: 'x'.repeat(9000) },
  { location: '/' },
  { 'x-litellm-version': '%s%s' },
];

/** How a recording may say that an answer ended. */
export const ENDS = ['clean', 'cut', 'left', 'stopped', 'dropped', 'unreachable', 'silent', 'unsent'];

export const STATUSES = [200, 201, 204, 206, 301, 307, 400, 401, 404, 422, 429, 499, 500, 503, 599, 999];
