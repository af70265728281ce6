/** A call of `fetch` as its arguments have it: the body is read, and may be replaced, whatever it is. */

type Input = Parameters<typeof fetch>[0];
type Init = NonNullable<Parameters<typeof fetch>[1]>;
type Arguments = [input: Input, init: Init | undefined];

export interface Call {
  readonly method: string;
  readonly url: string;
  /**
   * The body's text; null where it is none, or is not to be read.
   * @param atAnyCost also where it can be read only once, which costs that the body is held as a whole
   */
  text(atAnyCost: boolean): Promise<string | null>;
  /** What is to be called with; as it was, where nothing had to be read. */
  original(): Arguments;
  /** The same with another body. */
  edited(body: string): Arguments;
  isAborted(): boolean;
}

const utf8 = new TextEncoder();
const LENGTH = 'content-length';

export function callOf(input: Input, init: Init | undefined): Call {
  const request = typeof input === 'object' && 'url' in input ? input : null;
  // A body of its own, or null, goes before that of the request.
  const own = init?.body !== undefined ? init.body : null;
  const isOwn = init?.body !== undefined && init.body !== null;
  let held: Uint8Array<ArrayBuffer> | null = null;

  async function readText(atAnyCost: boolean): Promise<string | null> {
    if (!isOwn) {
      if (request === null || request.body === null || request.bodyUsed) return null;
      return request.clone().text();
    }
    if (typeof own === 'string') return own;
    if (own instanceof Uint8Array || own instanceof ArrayBuffer) return new TextDecoder().decode(own);
    if (ArrayBuffer.isView(own)) return new TextDecoder().decode(own);
    if (own instanceof Blob) return own.text();
    if (!atAnyCost || !(own instanceof ReadableStream)) return null;
    held = new Uint8Array(await new Response(own).arrayBuffer());
    return new TextDecoder().decode(held);
  }

  return {
    method: (init?.method ?? request?.method ?? 'GET').toUpperCase(),
    url: request?.url ?? String(input),
    text: (atAnyCost) => readText(atAnyCost).catch(() => null),
    original: () => (held === null ? [input, init] : [input, { ...init, body: held }]),
    edited(body) {
      const bytes = utf8.encode(body);
      const headers = withLength(init?.headers ?? request?.headers, bytes.length);
      const more = headers === undefined ? {} : { headers };
      // A request whose body was read by someone else gives everything but that.
      return [input, { ...init, ...more, body: typeof own === 'string' ? body : bytes }];
    },
    isAborted: () => (init?.signal ?? request?.signal)?.aborted === true,
  };
}

/** The same headers for a body of so many bytes: where they say how long it is, they say it right. */
function withLength(headers: Init['headers'], length: number): Init['headers'] {
  const all = new Headers(headers);
  if (!all.has(LENGTH)) return headers;
  all.set(LENGTH, String(length));
  return all;
}
