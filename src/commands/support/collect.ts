/** Gathers an option that may be given several times. */
export const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** The same, and several in one with commas between; those of a glob such as `{text,short}` part nothing. */
export const collectList = (value: string, before: string[] | undefined): string[] => [
  ...(before ?? []),
  ...value.split(/,(?![^{]*\})/).map((part) => part.trim()),
];
