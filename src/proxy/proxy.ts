/** The whole of it: the port, its observers, the ledger, the admin port. */
import type { IncomingMessage } from 'node:http';
import { Ledger } from '../ledger/ledger.ts';
import { tenantOf, tenantSecret } from '../ledger/tenant.ts';
import { EXIT, UserError } from '../model/errors.ts';
import type { CountedProduct } from '../products/product.ts';
import type { Tokenizer } from '../tokenizer/index.ts';
import { type Admin, startAdmin } from './admin.ts';
import { asker } from './ask.ts';
import { Behind, LOOK_MS, MOST_LOOK_BYTES } from './behind.ts';
import { Injection } from './injection.ts';
import { Metrics } from './metrics.ts';
import { Observation, type ObservationOptions } from './observation.ts';
import { Repair } from './repair.ts';
import { observedApi } from './route.ts';
import { type ProxyServer, startProxyServer } from './server.ts';
import { rootOf, type Target } from './target.ts';
import { Turns } from './turns.ts';
import { Upstream } from './upstream.ts';

export interface ProxyOptions {
  readonly target: Target;
  readonly host: string;
  readonly port: number;
  /** null: there is none. */
  readonly adminPort: number | null;
  /** A folder; null: no rows are written. */
  readonly ledger: string | null;
  /** Milliseconds, as all times. */
  readonly drainMs: number;
  readonly idleMs: number;
  readonly shutdownMs: number;
  readonly maxBodyBytes: number;
  readonly caPem: string | null;
  /** Asks for usage in streams whose clients did not, and takes it out again. */
  readonly inject: boolean;
  /** Counts where a stream was asked for usage and has none; null: it does not. */
  readonly repair: RepairSettings | null;
  /** One line for those who run it. */
  readonly log: (line: string) => void;
}

export interface RepairSettings {
  /** What is behind; null: what it says itself, where it is known how that is counted. */
  readonly product: CountedProduct | null;
  readonly allowEstimates: boolean;
  readonly tokenizer: Tokenizer | null;
}

export interface RunningProxy {
  readonly port: number;
  readonly adminPort: number | null;
  /** Refuses what is new and waits for what is under way. @returns whether nothing had to be cut off */
  stop(): Promise<boolean>;
}

const UNKNOWN = 'of this server it is not known how its streams are counted, so nothing is exact';

/** The port or the ledger can't be used. */
class ProxyStartError extends UserError {
  override readonly name = 'ProxyStartError';
  override readonly exitCode = EXIT.unjudged;
}

/** @throws UserError where a port or the ledger can't be used */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { target, host, log } = options;
  const metrics = new Metrics();
  const book = options.ledger === null ? null : openBook(options.ledger, metrics, log);
  const upstream = new Upstream(target, options.caPem);
  const { repair: settings, maxBodyBytes } = options;
  const ask = asker(upstream, options.idleMs);
  const root = new Upstream(rootOf(target), options.caPem);
  const behind = new Behind(settings?.product ?? null, asker(root, LOOK_MS, MOST_LOOK_BYTES), (product) =>
    log(`--repair: ${product === null ? UNKNOWN : `the server is ${product.id}`}`),
  );
  const watching = {
    maxBodyBytes,
    injection: options.inject ? new Injection() : null,
    repair: settings === null ? null : new Repair({ ...settings, behind, ask }),
  };
  let draining = false;
  const isDraining = () => draining;
  let admin: Admin | null = null;
  let server: ProxyServer;
  try {
    if (options.adminPort !== null)
      admin = await startAdmin({ host, port: options.adminPort, metrics, isDraining }).catch(
        cannotListen('--admin-port', options.adminPort),
      );
    server = await startProxyServer({
      upstream,
      host,
      port: options.port,
      idleMs: options.idleMs,
      drainMs: options.drainMs,
      turns: settings === null ? null : new Turns(behind),
      observe: observing(metrics, book, watching),
      isObserved: (method, url) => observedApi(method, url) !== null,
      isDraining,
      onDrain: () => {
        draining = true;
      },
    }).catch(cannotListen('--port', options.port));
  } catch (error) {
    admin?.close();
    book?.ledger.close();
    throw error;
  }
  return {
    port: server.port,
    adminPort: admin?.port ?? null,
    async stop() {
      const whole = await server.drain(options.shutdownMs);
      upstream.close();
      root.close();
      book?.ledger.close();
      admin?.close();
      return whole;
    },
  };
}

const cannotListen = (flag: string, port: number) => (error: unknown) => {
  throw new ProxyStartError(`${flag} ${port} can't be listened on (${codeOf(error)}); choose another one`);
};

/** Who looks on where a request is of an observed route; nobody does for any other. */
const observing =
  (
    metrics: Metrics,
    book: Book | null,
    watching: Pick<ObservationOptions, 'maxBodyBytes' | 'injection' | 'repair'>,
  ) =>
  (request: IncomingMessage) => {
    const url = request.url ?? '';
    const api = observedApi(request.method ?? '', url);
    if (api === null) return null;
    return new Observation({
      api,
      url,
      tenant: book === null ? null : tenantOf(request.headers, book.secret),
      headers: request.rawHeaders,
      ...watching,
      onStream: (isOpen) => (isOpen ? metrics.streamOpened() : metrics.streamClosed()),
      onRow(row, tokens) {
        book?.ledger.add(row);
        metrics.request(row, api.proxied.operation, tokens);
      },
    });
  };

interface Book {
  readonly ledger: Ledger;
  /** For the names of tenants. */
  readonly secret: string;
}

/** @throws ProxyStartError */
function openBook(folder: string, metrics: Metrics, log: (line: string) => void): Book {
  try {
    const onFailure = (error: unknown) => {
      metrics.ledgerFailed();
      log(`the ledger was not written (${codeOf(error)})`);
    };
    const ledger = new Ledger(folder, { onRow: () => metrics.rowWritten(), onFailure });
    return { ledger, secret: tenantSecret(folder, process.env) };
  } catch (error) {
    throw new ProxyStartError(`--ledger ${folder} can't be written (${codeOf(error)})`);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
