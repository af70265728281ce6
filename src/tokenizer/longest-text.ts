/** The longest text that is counted, in bytes or characters: ten times what any model takes, and 2 GB of memory. */
export const LONGEST_TEXT = 64 << 20;
