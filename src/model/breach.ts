/**
 * Rules of an API's protocol that only its reader can watch. It tells what it sees broken; the check of the same name
 * judges that, and knows none of the API's words.
 */
/** How each can be broken. */
export const breachClasses = {
  /** One opening event, before every other. */
  'stream-start': ['missing', 'late', 'twice'],
  /** Events are named by their type. */
  'event-names': ['absent', 'differs'],
  /** The event that ends the stream, its status and the reason for that agree. */
  'terminal-status': ['differs', 'no-reason', 'reason'],
  /** Events are numbered, each higher than the one before. */
  'sequence-numbers': ['absent', 'some', 'not-rising'],
  /** The details of the counts are there. */
  'usage-details': ['absent'],
  /** Counts that are sent twice do not contradict each other. */
  'usage-consistent': ['contradicts', 'moved', 'falls', 'deferred'],
  /** Nothing but the end follows the finish and its usage. */
  'usage-last': ['followed'],
} as const;

export type WatchedRule = keyof typeof breachClasses;

type BreachOf<R extends WatchedRule> = {
  readonly rule: R;
  readonly class: (typeof breachClasses)[R][number];
  readonly expected: string;
  /** What was seen, in the API's words. */
  readonly detail: string;
  readonly numbers?: Readonly<Record<string, number>>;
  /** A warning at most. */
  readonly mild?: true;
  /** The prompt was counted in two ways, and nobody knows which is true. */
  readonly promptInDoubt?: true;
};

/** One rule that a reader saw broken. */
export type Breach = { [R in WatchedRule]: BreachOf<R> }[WatchedRule];
