/** The name of a header: what RFC 9110 calls a token. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/** What the value of a header may hold. */
export const HEADER_VALUE = /^[\t -~\x80-\xff]*$/;
