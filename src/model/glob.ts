import picomatch from 'picomatch';

const LONGEST_GLOB = 2000;
const MOST_REMEMBERED = 10_000;

/** By glob, what it was found to match: a hostile glob takes long over each id, so each id is looked at once. */
const remembered = new Map<string, (id: string) => boolean>();

/**
 * Matches checks or cases. In case ids "/" parts fields, not folders, so "*" may cross it. An empty or endless glob
 * matches nothing.
 */
export function matcher(glob: string): (id: string) => boolean {
  if (glob === '' || glob.length > LONGEST_GLOB) return () => false;
  const before = remembered.get(glob);
  if (before !== undefined) return before;
  const matches = picomatch(glob, { bash: true, dot: true });
  const known = new Map<string, boolean>();
  const remembering = (id: string) => {
    const found = known.get(id) ?? matches(id);
    if (known.size < MOST_REMEMBERED) known.set(id, found);
    return found;
  };
  if (remembered.size === MOST_REMEMBERED) remembered.clear();
  remembered.set(glob, remembering);
  return remembering;
}
