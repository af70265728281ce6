/** The formats of a report by name: what flags and lastchunk.yaml may ask for. */
export const formats = ['table', 'json', 'junit', 'markdown', 'github', 'html'] as const;
export type Format = (typeof formats)[number];

export function isFormat(name: string): name is Format {
  return (formats as readonly string[]).includes(name);
}
