/** The JSON report: one document, keys in the order of the contract, safe to print on a terminal. */

import { adviceOfServer } from '../judge/advice.ts';
import type { Report } from '../model/report.ts';
import { harmlessJson, unicodeEscape } from '../text/harmless.ts';
import { concernIn, headlines } from './shared/headline-text.ts';
import { measuredOfServer } from './shared/measured.ts';
import type { TerminalOptions } from './table/table.ts';

/** Known keys in the order they are written; others follow as they come. */
const KEY_ORDER: readonly string[] = [
  ...[
    'schemaVersion',
    'tool',
    'environment',
    'command',
    'node',
    'os',
    'startedAt',
    'durationMs',
    'catalogue',
    'seed',
    'suite',
    'strict',
    'failOn',
    'partial',
    'shard',
  ],
  ...[
    'name',
    'version',
    'headline',
    'baseUrl',
    'product',
    'identifiedBy',
    'behind',
    'profile',
    'model',
    'context',
    'halt',
  ],
  ...['notServed', 'notes', 'silentReferences', 'source', 'requests', 'serverMs'],
  ...[
    'kind',
    'check',
    'case',
    'api',
    'verdict',
    'level',
    'expected',
    'class',
    'observed',
    'message',
    'cause',
    'numbers',
    'baselined',
  ],
  ...[
    'confirmed',
    'lowered',
    'reason',
    'link',
    'reference',
    'times',
    'evidence',
    'at',
    'number',
    'event',
    'data',
    'frames',
    'curl',
    'arrivals',
  ],
  ...[
    'fact',
    'since',
    'mended',
    'actions',
    'advice',
    'measured',
    'results',
    'servers',
    'summary',
    'pass',
    'fail',
    'warn',
    'skip',
    'error',
    'steps',
    'from',
    'to',
    'breaks',
    'fixes',
    'baseline',
    'baselineFile',
    'remarks',
    'exitCode',
  ],
];
const rank = new Map(KEY_ORDER.map((key, i) => [key, i]));

/** The report as a JSON document that ends with a newline; each server with its verdict in words, and with advice. */
export function renderJson(
  report: Report,
  { words, measured }: Pick<TerminalOptions, 'words' | 'measured'>,
): string {
  const sentences = headlines(report, words);
  const servers = report.servers.map((server, i) => ({
    ...server,
    headline: sentences[i],
    advice: adviceOfServer(server, concernIn(words)),
    ...(measured === undefined ? {} : { measured: measuredOfServer(server, measured) }),
  }));
  return `${harmlessJson(JSON.stringify({ ...report, servers }, (_key, value: unknown) => inOrder(readable(value)), 2))}\n`;
}

/** Half a surrogate pair is legal JSON, but some parsers refuse it, so it is written as text. */
function readable(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Cs}/gu, unicodeEscape) : value;
}

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const rankOf = (key: string) => rank.get(key) ?? KEY_ORDER.length;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => rankOf(a) - rankOf(b)));
}
