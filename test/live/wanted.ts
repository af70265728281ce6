const named = (process.env.LASTCHUNK_LIVE ?? '').split(',').map((name) => name.trim());

/** Whether LASTCHUNK_LIVE="llama-cpp-python 0.2.84,xllamacpp latest" names a server; unset or empty it narrows nothing. */
export function isWanted(name: string): boolean {
  return named.every((one) => one === '') || named.includes(name);
}
