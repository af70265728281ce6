import type { Api, UsagePlaces } from '../model/api.ts';
import type { UsageText } from '../model/exchange.ts';
import { visitMembers } from '../text/json-members.ts';
import { boundedText, ownText, type Redact } from './bounded.ts';

const MAX_EACH = 8;
const PLAIN_INTEGER = /^(?:0|[1-9]\d*)$/;

type Path = readonly string[];

const startsWith = (path: Path, start: Path) => start.every((key, at) => path[at] === key);

/** The keys within the usage; null where the path leads elsewhere. */
function withinUsage({ at }: UsagePlaces, path: Path): Path | null {
  const place = at.find((keys) => startsWith(path, keys));
  return place === undefined ? null : path.slice(place.length);
}

/** The usage, its details, and the objects around it. */
function leadsToCounts(places: UsagePlaces, path: Path): boolean {
  const [details, ...deeper] = withinUsage(places, path) ?? [null];
  if (details === null) return places.at.some((keys) => startsWith(keys, path));
  return deeper.length === 0 && (details === undefined || places.isDetails(details));
}

/** How the usage in this text is written; null where the API does not say where to look. */
export function readUsageText(api: Api, text: string, redact: Redact): UsageText | null {
  const places = api.usagePlaces;
  if (places === undefined) return null;
  const notPlain: Array<readonly [string, string]> = [];
  const repeated: string[] = [];
  const kept = (piece: string) => boundedText(ownText(piece, 256), redact);
  visitMembers(
    text,
    (path) => leadsToCounts(places, path),
    ({ path, number, repeated: again }) => {
      const inside = withinUsage(places, path) ?? [];
      if (again && (path.length === 1 || inside.length > 0) && repeated.length < MAX_EACH)
        repeated.push(kept(path.join('.')));
      const [name, details = null] = inside.toReversed();
      if (name === undefined || number === '' || PLAIN_INTEGER.test(number)) return;
      if (places.isCount(name, details) && notPlain.length < MAX_EACH)
        notPlain.push([kept(path.join('.')), kept(number)]);
    },
  );
  return { notPlain, repeated };
}
