/** What a recording may hold: it is written within these bounds, and a file beyond them is not read. */

/** The largest known have 2 MB. */
export const MOST_BYTES = 64 * 1024 * 1024;
/** What is left is for requests: bodies that were answered are left out beyond. */
export const MOST_BODIES_BYTES = 48 * 1024 * 1024;
export const MOST_HEAD_BYTES = 4 * 1024 * 1024;
export const MOST_LINE_BYTES = 16 * 1024 * 1024;
export const MOST_EXCHANGES = 10_000;
/** Pieces of one body: what comes after them is part of the last. */
export const MOST_PIECES = 20_000;
/** Pieces of all bodies. */
export const MOST_PIECES_IN_ALL = 250_000;
/** Values in one line of JSON: once they are parsed each takes some twenty times its room. */
export const MOST_VALUES = 250_000;
/** Values of all lines. */
export const MOST_VALUES_IN_ALL = 1_200_000;
/** Bytes of a body once its coding is undone: more than is read of any. */
export const MOST_INFLATED = 16 * 1024 * 1024;
/** Events of a stream that are taken apart. */
export const MOST_EVENTS = 100_000;
/** Globs that chose what was run. */
export const MOST_GLOBS = 1000;
