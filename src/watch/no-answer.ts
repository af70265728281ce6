/** The problem of what came where it is no answer at all. The check of this id judges that over a whole run. */
export const NO_ANSWER: readonly string[] = ['request-answered'];
