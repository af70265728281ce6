/** The contract of a product's file, which holds all that is known of the product. Other folders ask for facts and name no product. */
import type { RecipeMaker } from '../launch/recipe.ts';
import type { ApiId, CountedPrompt, Mode } from '../model/api.ts';
import type { ScenarioId } from '../model/case-id.ts';
import type { JsonObject } from '../model/json.ts';
import type { Reference } from '../model/reference.ts';

/** The answer of an optional endpoint. */
export interface Looked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
  readonly text: string;
}

/** What is known of a server before its product is. */
export interface ServerEvidence {
  /** Lower-case response headers of the model list and the first answers, merged. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the model list; null where there is none. */
  readonly models: JsonObject | null;
  /** The entry of the model under test, where the list has one. */
  readonly model: JsonObject | null;
  /** `system_fingerprint` of an answer, where one was sent. */
  readonly fingerprint: string | null;
  /** GETs a path below the server's root (not below /v1), e.g. "/props". Bounded, never throws. */
  look(path: string): Promise<Looked | null>;
}

export interface Recognised {
  /** null: the product is recognised, its version is not. */
  readonly version: string | null;
  /** Where it was seen, e.g. "Server header and /props build_info". */
  readonly by: string;
  /**
   * certain: it names itself in its own answers or in an endpoint that only it has.
   * likely: the model list alone, which a proxy in between may have passed on.
   */
  readonly certainty: 'certain' | 'likely';
}

/** A deviation that the product's maintainers call intended; lowers a fail to a warning. */
export interface Deviation {
  readonly check: string;
  /** Glob over case ids. */
  readonly cases: string;
  /** semver range over the product's comparable version. */
  readonly versions: string;
  readonly reason: string;
  /** Where the maintainers say so. */
  readonly link: string;
}

/** Where a fact can be read again, and when somebody last did. */
export interface Source {
  /** An issue, a pull request, documentation or source text; best of the product's own project. */
  readonly link: string;
  /** The day, e.g. "2026-11-26". */
  readonly checked: string;
}

/** Since when a product does it: the first version, or the first report that was found, in the version it names. */
type Since =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'reported'; readonly on: string; readonly version?: string };

type Mended =
  /** In this version; where `versions` leaves a gap, the first one that was seen without the fault. */
  | { readonly kind: 'release'; readonly version: string }
  /** By a merged pull request of this day; the first release that has it is not known. */
  | { readonly kind: 'merged'; readonly opened: string }
  /** In no release up to this one, the newest that was looked at. The link is the report, or the code where none was found. */
  | {
      readonly kind: 'not-yet';
      readonly upTo: string;
      readonly report: 'open' | 'closed' | 'not-found';
      readonly opened?: string;
    }
  /** The project wants it so. */
  | { readonly kind: 'intended' };

/** What can be done today. */
type Act =
  /** A file of this repository that is started in the place of the server and makes it right. */
  | { readonly kind: 'recipe'; readonly path: string }
  /** The proxy of this program in front of it. */
  | { readonly kind: 'proxy' }
  /** Another version of the product: this one or later; left out where it is not known. */
  | { readonly kind: 'update'; readonly to?: string }
  /** Another product, by its id. */
  | { readonly kind: 'server'; readonly product: string }
  /** A flag or a setting of the server. */
  | { readonly kind: 'setting'; readonly setting: string }
  /** What the client asks for. */
  | { readonly kind: 'request' }
  /** Ask without streaming. To be told only where the non-streaming checks of that API held in this very run. */
  | { readonly kind: 'no-stream' }
  /** How the client reads what comes. */
  | { readonly kind: 'reading' };

export type Action = Act & Source & { /** One sentence, an imperative. */ readonly text: string };

/** What is known of a fault in a product, and what helps. Nothing is known without a link or a recording. */
export interface Advice {
  readonly checks: readonly string[];
  /** Only these classes, APIs, scenarios, or this mode; any where left out. */
  readonly classes?: readonly string[];
  readonly apis?: readonly ApiId[];
  readonly scenarios?: readonly ScenarioId[];
  readonly mode?: Mode;
  /** semver range over the product's comparable version: where it is so. Open at the top as long as it is not mended. */
  readonly versions: string;
  /** What the product does, in one sentence. */
  readonly fact: string;
  readonly since?: Since & Source;
  readonly mended: Mended & Source;
  /** The best first. */
  readonly actions: readonly Action[];
}

/** POSTs to optional endpoints of the server under test; bounded, and never throws. */
export interface Asker {
  readonly model: string | null;
  /** @returns the JSON of a 200; undefined for anything else. @param path below the server's root, not below `/v1` */
  post(path: string, body: JsonObject): Promise<unknown>;
}

/** Endpoints that tokenize or count. */
export interface TokenizerEndpoints {
  /** Counts a prompt as far as the product can; empty where it can't. */
  count(prompt: CountedPrompt, ask: Asker): Promise<readonly Reference[]>;
  /** The prompt of a chat as text, as the server's own template makes it. */
  render?(prompt: CountedPrompt, ask: Asker): Promise<string | null>;
  /** The tokens of a text as it stands, with the beginning-of-text token where the model has one. */
  tokensOf?(text: string, ask: Asker): Promise<number | null>;
}

/** How a product counts, for what a tokenizer on this machine counts in its place. */
export interface Counting {
  /** By the rules that a GGUF file states, so that counting with the same file is exact. */
  readonly asGgufSays?: boolean;
  /** Versions that render chats by the template in the model's file, as a semver range; false: none. Left out: all. */
  readonly ownTemplate?: string | false;
  /** It puts a plain prompt into a template, too. */
  readonly templatesText?: boolean;
  /** Whether its chats begin with a beginning-of-text token depends on their template. */
  readonly chatsMayLackBos?: boolean;
  /** Before messages of a kind of request that is not chat it may put a beginning-of-text token of its own. */
  readonly translatedMayAddBos?: boolean;
}

/** A stream in which each chunk with text is one token, but for characters of several bytes and stop strings. */
export interface ChunkTokens {
  /** Events without text that each stream has, the end marker among them. */
  readonly emptyChunks: Readonly<Partial<Record<ApiId, number>>>;
}

/** What a proxy in front of it has to know. */
export interface ProxiedProduct {
  /** null: it is not there. Asks only what may be asked while a stream runs. */
  recognise(look: ServerEvidence['look']): Promise<Recognised | null>;
  /** Any request ends the stream that is running, so they go one at a time. */
  readonly oneAtATime: boolean;
  /** Tests on live servers hold it. */
  readonly chunkTokens: ChunkTokens;
}

/** What reference counts and advice need to know. Of a product that cannot be recognised, and that only `--label` names, this is all. */
export interface CountedProduct {
  readonly id: string;
  /**
   * It passes its upstream's headers on, so it is tried first. It counts with a tokenizer of its own choice and
   * takes a 404 as a fault of the model behind it, so none of its endpoints is requested unless the user asks for it.
   */
  readonly gateway: boolean;
  readonly endpoints?: TokenizerEndpoints;
  /** Added to a request, it makes the server return the ids of the tokens it generates. */
  readonly tokenIdFields?: JsonObject;
  readonly counting?: Counting;
  readonly proxied?: ProxiedProduct;
  /** The version as semver for ranges (llama.cpp: b1234 → 0.0.1234); null where it can't be compared. */
  comparable?(version: string): string | null;
  readonly advice?: readonly Advice[];
  /** How it is installed and started, by the name it is launched under; absent where nothing launches it by name. */
  readonly recipes?: Readonly<Record<string, RecipeMaker>>;
}

export interface Product extends CountedProduct {
  readonly title: string;
  readonly homepage: string;
  /** null: not this product. Reads what is known first, and requests endpoints only where that leaves a doubt. */
  recognise(evidence: ServerEvidence): Promise<Recognised | null>;
  /** Gateways only: what of the evidence is the upstream's. */
  upstream?(evidence: ServerEvidence): ServerEvidence;
  comparable(version: string): string | null;
  readonly deviations: readonly Deviation[];
  /**
   * The context in tokens that its own endpoints state; null where they don't.
   * @param model the model under test as it is asked for
   */
  context?(look: ServerEvidence['look'], model: string | null): Promise<number | null>;
  /** How its refusals of an overlong prompt state the context: global, the number of tokens is the first group. */
  readonly contextRefusals?: readonly RegExp[];
}
