/** Asking for usage where the client did not. */
import type { JsonObject } from '../model/json.ts';
import type { ObservedApi } from './route.ts';

const MOST_REMEMBERED = 1_000;

/** Where a server refused the option: there it is not asked again. */
export class Injection {
  readonly #refused = new Set<string>();

  /**
   * @param request the body, parsed
   * @returns the body with the option in it, and not a byte else changed; null where nothing is to be asked, or was refused
   */
  into(body: Buffer, api: ObservedApi, path: string, request: JsonObject): Buffer | null {
    if (this.#refused.has(placeOf(path, request))) return null;
    // One character a byte: what is no UTF-8 stays as it is, too.
    const edited = api.asking?.added(body.toString('latin1'), request) ?? null;
    return edited === null ? null : Buffer.from(edited, 'latin1');
  }

  /** Whether a refusal names the option; it is remembered. */
  refuses(text: string, api: ObservedApi, path: string, request: JsonObject): boolean {
    if (api.asking?.names.some((name) => text.includes(name)) !== true) return false;
    const [oldest] = this.#refused;
    if (this.#refused.size >= MOST_REMEMBERED && oldest !== undefined) this.#refused.delete(oldest);
    this.#refused.add(placeOf(path, request));
    return true;
  }
}

const MOST_NAME = 256;

const placeOf = (path: string, { model }: JsonObject): string =>
  `${path.slice(0, MOST_NAME)}\n${typeof model === 'string' ? model.slice(0, MOST_NAME) : ''}`;
