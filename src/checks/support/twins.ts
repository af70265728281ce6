/** The streaming cases that have a twin without streaming: the two `-nonstream` checks compare these. */
import type { ApiId } from '../../model/api.ts';
import { scenarios } from '../../scenarios/index.ts';
import { keyOf, type ServerView } from './server-view.ts';

export interface Twins {
  readonly stream: string;
  readonly whole: string;
}

export function twinsOf(api: ApiId, view: ServerView): readonly Twins[] {
  return scenarios
    .filter(({ modes, id }) => modes.includes('nonstream') && id !== 'repeat')
    .map(({ id }) => ({ stream: keyOf(api, 'stream', id), whole: keyOf(api, 'nonstream', id) }))
    .filter(({ stream, whole }) => view.seen.cases.has(stream) && view.seen.cases.has(whole));
}
