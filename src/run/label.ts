import type { ServerTarget } from './options.ts';

/** "my-server 1.4", "my-server v1.4", "llama.cpp b11549". */
export function labelOf(text: string): ServerTarget['label'] {
  const match = /^(.*?)(?:\s+(?:v?(?=\d)|(?=b\d))(\S+))?$/.exec(text.trim());
  return { product: match?.[1] || text, version: match?.[2] ?? null };
}
