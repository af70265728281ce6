/** Text as a hostile server might choose it, for every reporter. */
export const hostileTexts: readonly string[] = [
  ']]>',
  '<script>alert(1)</script>',
  '</script><script>alert(2)</script>',
  '--><img src=x onerror=alert(3)>',
  '\n::error::owned\r\n::set-output name=a::b',
  '%0A::warning::x',
  '::error file=a,line=1::b ##[error]c',
  '::stop-commands::pause',
  '| a | b |\n|---|---|',
  '`code` **bold** [link](javascript:alert(4)) ![i](http://evil.example/x.png) @team #1',
  '```\n# heading\n```',
  '\u001b[31mred\u001b[0m\u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007',
  '\u009b31m\u0085\u007f',
  'a\0b\b\b\ttab',
  '\ud800 lone \udfff',
  '\u202eright to left\u202c \u2066isolate\u2069 \u200f\u200e',
  'zero\u200bwidth\u2060\ufeff \u00ad \u2028\u2029',
  '& < > " \' &amp;',
  '\\u0041 \\x1b $(rm) ',
];

/** All of them in one text. */
export const hostile: string = hostileTexts.join(' ');

/** What must not reach a reader unseen. */
export const invisible: RegExp =
  /[\0-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/;
