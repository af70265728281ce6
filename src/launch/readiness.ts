import { request } from 'node:http';

/**
 * Asks once whether a server answers.
 *
 * @param url where to ask; any answer but 503 ("still loading") counts.
 * @param timeoutMs how long the head of the answer may take.
 * @returns what there is to say about it, for the message when it never becomes ready.
 */
export function askOnce(
  url: string,
  timeoutMs: number,
): Promise<{ readonly ready: boolean; readonly seen: string }> {
  return new Promise((resolve) => {
    // No agent: a connection kept alive would be one the server under test has to serve beside the checks.
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
