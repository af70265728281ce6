import type { LaunchedProduct } from '../model/report.ts';
import type { ReferenceOptions } from '../references/options.ts';
import { parseServerUrl } from '../wire/url.ts';

/** One server to check, as flags or a config file give it. */
export interface ServerTarget {
  readonly name: string;
  readonly url: string;
  readonly model: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The environment variable that its key was read from. */
  readonly keyVariable?: string;
  /** "my-server 1.4": product and version as the user names them. */
  readonly label: { readonly product: string; readonly version: string | null } | null;
  /** What was launched: it says of itself less than that, or nothing. */
  readonly launched?: LaunchedProduct & {
    /** What it was put in front of, where that was launched, too. */
    readonly behind?: LaunchedProduct;
  };
  /** Product whose accepted deviations hold, "openai" for none; null: the product found. */
  readonly profile: string | null;
  /** What its counts are compared with, where that is not what the run says; null: nothing. */
  readonly reference?: ReferenceOptions | null;
}

/** "my-server 1.4", "my-server v1.4", "llama.cpp b11549". */
export function labelOf(text: string): ServerTarget['label'] {
  const match = /^(.*?)(?:\s+(?:v?(?=\d)|(?=b\d))(\S+))?$/.exec(text.trim());
  return { product: match?.[1] || text, version: match?.[2] ?? null };
}

/** What a server is called that has no name: its host and path. @throws ServerUrlError */
export function nameOf(url: string): string {
  const { origin, prefix } = parseServerUrl(url);
  return origin.replace(/^https?:\/\//, '') + prefix;
}
