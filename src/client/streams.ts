/** Streams of each kind with an observer in them: the same items at the same pace, and what ends one ends the other. */
import type { Observer } from './observer.ts';

/** Streams that nobody read and nobody has any more. */
const abandoned = new FinalizationRegistry<() => void>((leave) => leave());

const nothing = () => {};

/** What is done once a stream is gone. It holds neither the stream nor, by what it shares with other functions, its maker. */
const leaving = (observer: Observer, reader?: ReadableStreamDefaultReader<unknown>) => () => {
  observer.end('left');
  reader?.cancel().catch(nothing);
};

/** True for errors by which a reader tells that it does not want any more. */
function isLeaving(error: unknown): boolean {
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : null;
  return name === 'AbortError' || name === 'TimeoutError';
}

const howEnded = (error: unknown) => (isLeaving(error) ? 'left' : 'cut');

function takesBuffers(stream: ReadableStream<unknown>): boolean {
  try {
    (stream as ReadableStream<Uint8Array<ArrayBuffer>>).getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

/** Whoever waits with a buffer of his own hears of the end by this. */
const closeRequest = ({ byobRequest }: ReadableByteStreamController) => byobRequest?.respond(0);

/** @throws TypeError where somebody reads the stream already */
export function observedStream<T>(stream: ReadableStream<T>, observer: Observer): ReadableStream<T> {
  const ofBytes = takesBuffers(stream);
  const reader = stream.getReader();
  // An error is known at once, read or not: whoever does not read any more hears of it here.
  reader.closed.catch((error: unknown) => observer.end(howEnded(error)));
  function passOn(
    controller: ReadableStreamDefaultController,
    read: { readonly done: boolean; readonly value?: T | undefined },
  ) {
    const items = read.done ? observer.end('clean') : observer.item(read.value);
    if (items === null) controller.enqueue(read.value);
    // A stream of bytes takes the memory of what it is given.
    else for (const item of items) controller.enqueue(items.length > 1 ? item.slice() : item);
    if (read.done) {
      controller.close();
      if ('byobRequest' in controller) closeRequest(controller as ReadableByteStreamController);
    } else if (items?.length === 0) return source.pull(controller);
    return undefined;
  }
  const source = {
    pull(controller: ReadableStreamDefaultController): Promise<void> {
      return reader.read().then((read) => passOn(controller, read));
    },
    async cancel(reason: unknown): Promise<void> {
      observer.end('left');
      await reader.cancel(reason);
    },
  };
  // A queue of its own would read ahead of whoever reads.
  const observed: ReadableStream = ofBytes
    ? new ReadableStream({ ...source, type: 'bytes' } as object, { highWaterMark: 0 })
    : new ReadableStream(source, { highWaterMark: 0 });
  abandoned.register(observed, leaving(observer, reader));
  return observed;
}

type Step<T> = Promise<IteratorResult<T>>;

/** The iterator of a stream that iterates. @param wasLeft asked where it ended without an error: some swallow that */
function observedIterator<T>(
  iterator: AsyncIterator<T>,
  observer: Observer,
  wasLeft: () => boolean,
): AsyncIterator<T> & AsyncIterable<T> {
  const seen = (result: IteratorResult<T>): IteratorResult<T> => {
    if (result.done) observer.end(wasLeft() ? 'left' : 'clean');
    else observer.item(result.value);
    return result;
  };
  const observed: AsyncIterator<T> & AsyncIterable<T> = {
    async next(...args): Step<T> {
      try {
        return seen(await iterator.next(...args));
      } catch (error) {
        observer.thrown(error);
        observer.end(howEnded(error));
        throw error;
      }
    },
    async return(value?: unknown): Step<T> {
      observer.end('left');
      return (await iterator.return?.(value)) ?? { done: true, value };
    },
    async throw(error?: unknown): Step<T> {
      observer.end('left');
      if (iterator.throw === undefined) throw error;
      return seen(await iterator.throw(error));
    },
    [Symbol.asyncIterator]: () => observed,
  };
  return observed;
}

/** Some SDKs end an iteration quietly where their request was aborted. */
function isAborted(source: object): boolean {
  const { controller } = source as {
    readonly controller?: { readonly signal?: { readonly aborted?: unknown } };
  };
  return controller?.signal?.aborted === true;
}

/**
 * A source that iterates. What has further members (`.controller`, `.tee()`) keeps them, and its private ones: the observer
 * is put in where it makes its iterators, of which the first one is observed. A bare iterator gets another one around it.
 */
export function observedIterable<T, S extends AsyncIterable<T>>(source: S, observer: Observer): S {
  // It holds the source: as long as somebody iterates, nothing is abandoned.
  const wasLeft = () => isAborted(source);
  if ('next' in source && typeof source.next === 'function') {
    const iterator = observedIterator(source as S & AsyncIterator<T>, observer, wasLeft);
    abandoned.register(iterator, leaving(observer));
    return around(source, iterator);
  }
  // What SDKs make their iterators with, themselves, too (`.tee()`).
  const maker =
    'iterator' in source && typeof source.iterator === 'function' ? 'iterator' : Symbol.asyncIterator;
  const make = Reflect.get(source, maker) as () => AsyncIterator<T>;
  let isFirst = true;
  function observedMaker(this: unknown): AsyncIterator<T> {
    const iterator = make.call(this);
    if (!isFirst) return iterator;
    isFirst = false;
    return observedIterator(iterator, observer, wasLeft);
  }
  abandoned.register(source, leaving(observer));
  Object.defineProperty(source, maker, { value: observedMaker, configurable: true, writable: true });
  return source;
}

/** Everything of `source` but its iteration. */
function around<S extends object>(source: S, iterator: AsyncIterator<unknown> & AsyncIterable<unknown>): S {
  return new Proxy(source, {
    get(target, name) {
      if (Object.hasOwn(iterator, name)) return Reflect.get(iterator, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
