/** Servers that are wrong in one way each; every entry says which check must name it. */
import { answered, options } from './broken/answers.ts';
import { ends, losses } from './broken/between-modes.ts';
import { cached, cachedAsOne, zeroTogether } from './broken/cached.ts';
import { counted, indexed, lists, promptTwiceInStreams } from './broken/choices.ts';
import { equal, matching, newLimit, within } from './broken/completions.ts';
import { conversations, deaths, lastInStreams, pictures, results } from './broken/conversations.ts';
import { deltaTypes } from './broken/delta-types.ts';
import { oneSided, parts } from './broken/details.ts';
import { finishes, markers, reasons } from './broken/ends.ts';
import { envelope } from './broken/envelope.ts';
import { errors, framing, noJson } from './broken/framing.ts';
import {
  abortErrors,
  closedEarly,
  deathInBand,
  emptyOverlong,
  emptyOverlongMild,
  errorAnswers,
  malformedErrors,
  optionErrors,
  silentStreams,
  unseenErrors,
} from './broken/in-band.ts';
import { logprobs } from './broken/logprobs.ts';
import { nonstream } from './broken/nonstream.ts';
import { nullBefore } from './broken/null-before.ts';
import { noIntegers, partial } from './broken/numbers.ts';
import { choicesEmpty, last, once } from './broken/places.ts';
import { presence } from './broken/presence.ts';
import { constantWhenPlain, excludesCached, grows, modes, stable } from './broken/prompts.ts';
import { abortKills, aborts, overlong } from './broken/recovery.ts';
import { sums, zeros } from './broken/sums.ts';
import { survival } from './broken/survival.ts';
import { emptyId, parallel, parallelBesideNewLimit, sequence, staleAlways } from './broken/together.ts';
import { unrequested } from './broken/unrequested.ts';
import { emptyUsages, finishValues, hidden, jsonLines } from './broken/values.ts';
import { writings } from './broken/written.ts';
import type { BrokenServer } from './entries.ts';

export const BROKEN: BrokenServer[] = [
  ...answered,
  ...options,
  ...markers,
  ...presence,
  ...partial,
  ...noIntegers,
  ...zeros,
  ...cached,
  cachedAsOne,
  ...sums,
  ...nonstream,
  ...choicesEmpty,
  ...once,
  ...last,
  ...nullBefore,
  ...unrequested,
  ...envelope,
  ...finishes,
  ...reasons,
  ...noJson,
  ...framing,
  ...errors,
  ...stable,
  excludesCached,
  ...grows,
  constantWhenPlain,
  ...modes,
  ...matching,
  ...ends,
  ...losses,
  ...equal,
  ...within,
  newLimit,
  ...parts,
  ...indexed,
  ...counted,
  promptTwiceInStreams,
  ...lists,
  ...conversations,
  lastInStreams,
  ...results,
  ...pictures,
  ...parallel,
  parallelBesideNewLimit,
  ...sequence,
  staleAlways,
  ...zeroTogether,
  emptyId,
  ...aborts,
  abortKills,
  ...overlong,
  ...survival,
  ...optionErrors,
  ...errorAnswers,
  ...unseenErrors,
  ...malformedErrors,
  ...abortErrors,
  deathInBand,
  ...silentStreams,
  ...emptyOverlong,
  emptyOverlongMild,
  ...closedEarly,
  ...finishValues,
  ...emptyUsages,
  ...hidden,
  jsonLines,
  ...writings,
  ...deltaTypes,
  ...logprobs,
  ...oneSided,
  ...deaths,
];
