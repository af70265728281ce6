import { LaunchError } from './errors.ts';
import type { ServerCommand, ServerPlace } from './process.ts';
import type { Installer } from './python-installer.ts';
import type { RegistryQuery } from './registry.ts';

/** What the steps of a recipe may use. */
export interface RecipeContext {
  readonly cacheFolder: string;
  /** The environment installers run in; default this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** The interpreter environments are made from; default `LASTCHUNK_PYTHON`, then `python3`. */
  readonly python?: string;
  readonly installer?: Installer;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** A version that is installed and can be started. */
export interface Prepared {
  readonly version: string;
  /** What starts it: the interpreter of its environment, or its binary. */
  readonly program: string;
  /** Name and version of the Python packages around it; empty for binaries. */
  readonly packages: Readonly<Record<string, string>>;
  readonly installedNow: boolean;
}

export interface LaunchTarget extends ServerPlace {
  /** Absolute path of the model; undefined for recipes that need none. */
  readonly model: string | undefined;
  /** The name requests are to use for it; undefined leaves the server its own. */
  readonly servedModel: string | undefined;
  /** The server is to live on when this process ends. */
  readonly keep: boolean;
}

/** How one product is installed and started. */
export interface Recipe {
  readonly product: string;
  /** Whether a model file or folder has to be given. */
  readonly needsModel: boolean;
  /** Whether the name of a model on a hub (`org/name`) will do for a file or folder. */
  readonly takesModelNames?: boolean;
  /** The path that answers (with anything but 503) once it is ready. */
  readonly readyPath: string;
  /** How long it may take to become ready, ms; default two minutes. */
  readonly startTimeoutMs?: number;
  /** Its port may be held by a process outside its group, such as a container engine. */
  readonly listensOutside?: boolean;
  /** The key its requests have to carry as a bearer token. Never to be printed. */
  readonly apiKey?: string;
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The versions there are, oldest first; absent where only the user knows. */
  versions?(query: RegistryQuery): Promise<string[]>;
  /** @throws LaunchError when the version cannot be had. */
  prepare(version: string, context: RecipeContext): Promise<Prepared>;
  command(prepared: Prepared, target: LaunchTarget): ServerCommand;
  /** The name requests have to use, where the server does not list exactly one. */
  servedModel?(target: Pick<LaunchTarget, 'servedModel' | 'model'>): string;
  /** What the ready server still needs, such as a model made inside it. */
  afterReady?(prepared: Prepared, target: LaunchTarget, context: RecipeContext): Promise<void>;
}

/** What a user may say about how a product is started. */
export interface RecipeOptions {
  /** The program of a product that is not installed by us; `{version}` in it stands for the version. */
  readonly binary?: string | undefined;
  /** The template of `--command`. */
  readonly command?: string | undefined;
  /** The server a gateway is put in front of. */
  readonly upstream?: Upstream | undefined;
  /** It is put behind a gateway, which is what is looked at. */
  readonly behindGateway?: boolean | undefined;
  /** The context window asked for; default 2048 tokens. */
  readonly contextLength?: number | undefined;
  /** Added to the server's own arguments. */
  readonly extraArgs?: readonly string[] | undefined;
}

/** @throws LaunchError where the options do not suffice */
export type RecipeMaker = (options: RecipeOptions) => Recipe;

export interface Upstream {
  /** With or without `/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string;
}

/** @throws LaunchError when no model was given */
export function requireModel(product: string, model: string | undefined): string {
  if (model === undefined) throw new LaunchError(`${product} needs a model: give one with --model PATH`);
  return model;
}

/** @throws LaunchError when a gateway is put in front of nothing */
export function requireUpstream(product: string, upstream: Upstream | undefined): Upstream {
  if (upstream !== undefined) return upstream;
  throw new LaunchError(
    `${product} is put in front of another server: name it with --upstream URL or --upstream PRODUCT@VERSION`,
  );
}

/** The address below which an upstream's endpoints lie. */
export function versionedUrl({ baseUrl }: Upstream): string {
  const trimmed = baseUrl.replace(/\/+$/, '');
  return /\/v\d+$/.test(trimmed) ? trimmed : `${trimmed}/v1`;
}
