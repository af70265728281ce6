import picomatch from 'picomatch';

const LONGEST_GLOB = 10_000;

/**
 * Matches checks or cases. In case ids "/" parts fields, not folders, so "*" may cross it. An empty or endless glob
 * matches nothing.
 */
export function matcher(glob: string): (id: string) => boolean {
  if (glob === '' || glob.length > LONGEST_GLOB) return () => false;
  const matches = picomatch(glob, { bash: true, dot: true });
  return (id) => matches(id);
}
