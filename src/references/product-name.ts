/** Letters and digits only: `--label "vLLM 0.32=…"` names a product as people write it. */
export const plainName = (product: string): string => product.toLowerCase().replace(/[^a-z0-9]/g, '');
