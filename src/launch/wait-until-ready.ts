import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { whoListens } from './ports.ts';
import { describeDeath, type ServerLife } from './server-life.ts';

/** How waiting ended; `what` goes after the server's name in a message. */
export type WaitOutcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'died' | 'late' | 'stranger'; readonly what: string };

interface Wait {
  readonly url: string;
  readonly life: ServerLife;
  readonly port: number;
  readonly timeoutMs: number;
  readonly listensOutside: boolean;
  readonly signal: AbortSignal | undefined;
}

const betweenMs = 50;
const oneAnswerMs = 5000;
/** A server that could not bind its port has exited by then, ms. */
const bindFailureMs = 1000;

/**
 * Polls until the server answers, dies, or the time is up.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function waitUntilReady(wait: Wait): Promise<WaitOutcome> {
  const until = performance.now() + wait.timeoutMs;
  const interrupted = new AbortController();
  const death = wait.life.exited.then((ended) => ({ kind: 'died', ended }) as const);
  const aborted = rejectOnAbort(wait.signal, interrupted.signal);
  aborted.catch(() => {}); // it may reject while nothing awaits it: throwIfAborted() covers that
  let seen = 'nothing was asked yet';
  wait.signal?.throwIfAborted();
  try {
    for (;;) {
      const left = until - performance.now();
      if (left <= 0) {
        const what = `did not become ready within ${wait.timeoutMs / 1000} s (GET ${wait.url}: ${seen})`;
        return { kind: 'late', what };
      }
      const asked = askOnce(wait.url, Math.min(left, oneAnswerMs)).then(
        (answer) => ({ kind: 'answered', answer }) as const,
      );
      const first = await Promise.race([asked, death, aborted]);
      if (first.kind === 'died') {
        // A program that daemonizes exits like this, and its death could not be seen.
        const daemon = first.ended.kind === 'exit' && first.ended.exitCode === 0;
        const hint = daemon ? '; it has to stay in the foreground' : '';
        return { kind: 'died', what: `died before it was ready (${describeDeath(first.ended)}${hint})` };
      }
      seen = first.answer.seen;
      if (first.answer.ready) {
        if (whoListens(wait.port, wait.life.pid) !== 'stranger') return { kind: 'ready' };
        // A container engine, or another server that took the port first: then ours is about to exit.
        if (wait.listensOutside) {
          const still = sleep(Math.min(bindFailureMs, left), { kind: 'alive' } as const);
          const next = await Promise.race([still, death, aborted]);
          if (next.kind === 'alive') return { kind: 'ready' };
          continue;
        }
        return { kind: 'stranger', what: `could not have port ${wait.port}: another process listens there` };
      }
      await Promise.race([sleep(Math.min(betweenMs, left)), death, aborted]);
    }
  } finally {
    interrupted.abort();
  }
}

/** Rejects when `signal` aborts; `done` removes the listener. */
function rejectOnAbort(signal: AbortSignal | undefined, done: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true, signal: done });
  });
}

/**
 * Asks once whether a server answers.
 *
 * @param url where to ask; any answer but 503 ("still loading") counts.
 * @param timeoutMs how long the head of the answer may take.
 * @returns `seen`: the status or the error, for the message when it never becomes ready.
 */
function askOnce(
  url: string,
  timeoutMs: number,
): Promise<{ readonly ready: boolean; readonly seen: string }> {
  return new Promise((resolve) => {
    // No agent: a kept-alive connection would occupy the server under test during the checks.
    const asked = request(url, { agent: false, timeout: timeoutMs }, (answer) => {
      const status = answer.statusCode ?? 0;
      answer.destroy();
      resolve({ ready: status !== 503, seen: `HTTP ${status}` });
    });
    asked.once('timeout', () => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    asked.once('error', (error) => resolve({ ready: false, seen: error.message || error.name }));
    asked.end();
  });
}
