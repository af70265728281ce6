import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { SentRequest } from '../model/exchange.ts';
import { isJsonObject } from '../model/json.ts';
import type { ServerReport } from '../model/report.ts';
import { ensureFolder } from '../text/ensure-folder.ts';
import { writeWhole } from '../text/write-whole.ts';
import type { Redact } from '../wire/bounded.ts';
import {
  redacted,
  redactor,
  redactUrl,
  secretsOfBody,
  secretsOfHeaders,
  secretsOfUrl,
} from '../wire/redact.ts';
import { openWire, type SendOptions, type Transport, type Wire, type WireOptions } from '../wire/send.ts';
import {
  MOST_BODIES_BYTES,
  MOST_BYTES,
  MOST_EXCHANGES,
  MOST_LINE_BYTES,
  MOST_PIECES_IN_ALL,
} from './limits.ts';
import { ReceivedResponse } from './received-response.ts';
import type { RecordedExchange, RecordedRun, RecordingHead } from './recorded.ts';
import { FORMAT } from './recording.ts';
import { RecordingError } from './recording-error.ts';
import { EXCHANGES_FILE, HEAD_FILE } from './recording-files.ts';
import { bodyRedactor } from './redacted-pieces.ts';

/** What is known of a run before it begins; secrets are taken out when it is written. */
export interface RecordingBegun extends Pick<RecordingHead, 'model' | 'suite' | 'seed' | 'catalogue'> {
  readonly run: RecordedRun;
}

/** Writes a recording while a run goes on: what is on disk is whole whenever the run ends. */
export class Recorder implements Transport {
  readonly live = true;
  readonly #folder: string;
  readonly #head: RecordingHead;
  /** Fields of a request that the user has a say in. */
  readonly #fields: ReadonlySet<string>;
  readonly #file: number;
  #sent = 0;
  #written = 0;
  #pieces = 0;
  #bytes = 0;
  #withheld = 0;
  #fault: unknown = null;

  /**
   * @param folder made where it is missing; one with anything in it is refused, but for a recording where `replace` is true
   * @throws RecordingError where there is something already; Error where it can't be written
   */
  constructor(folder: string, begun: RecordingBegun, replace: boolean) {
    mustBeFree(folder, replace);
    this.#folder = folder;
    this.#head = {
      ...FORMAT,
      recordedAt: new Date().toISOString(),
      complete: false,
      resends: true,
      planning: 2,
      ...headOf(begun),
      verdicts: {},
    };
    this.#fields = new Set(['model', ...Object.keys(begun.run.body)]);
    ensureFolder(folder);
    rmSync(join(folder, HEAD_FILE), { force: true });
    this.#file = openSync(join(folder, EXCHANGES_FILE), 'w');
    try {
      this.#writeHead(this.#head);
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** Exchanges on disk. */
  get exchanges(): number {
    return this.#written;
  }

  /** Exchanges on disk without the body that was answered. */
  get withheld(): number {
    return this.#withheld;
  }

  open(options: WireOptions): Wire {
    const wire = openWire(options);
    return {
      send: async (request, how) => {
        const n = this.#sent;
        this.#sent += 1;
        const startedAt = performance.now();
        const received = new ReceivedResponse();
        const exchange = await wire.send(request, { ...how, tap: received });
        const secrets = secretsOf(options, how);
        const body = bodyRedactor(secrets);
        const reply = received.reply(exchange.reply, performance.now() - startedAt, redactor(secrets), body);
        this.#write({ n, ...this.#requestOf(request, redactor(secrets)), reply });
        return exchange;
      },
      close: () => wire.close(),
    };
  }

  /**
   * @param server what the run found
   * @throws what kept an exchange, or the head, from being written; what came before is then a recording that was broken off
   */
  finish(server: ServerReport, complete: boolean): void {
    if (this.#fault !== null) {
      if (this.#written === 0) this.discard();
      else closeSync(this.#file);
      throw this.#fault;
    }
    closeSync(this.#file);
    this.#writeHead({
      ...this.#head,
      complete,
      label: this.#head.run?.label ?? [server.product ?? 'unknown', server.version ?? ''].join(' ').trim(),
      model: server.model,
      verdicts: Object.fromEntries(
        server.results.map((result) => [`${result.check} ${result.case}`, result.verdict]),
      ),
    });
  }

  /** For a run that never began. */
  discard(): void {
    closeSync(this.#file);
    for (const name of [HEAD_FILE, EXCHANGES_FILE]) rmSync(join(this.#folder, name), { force: true });
    if (readdirSync(this.#folder).length === 0) rmSync(this.#folder, { recursive: true });
  }

  /** What the tester wrote itself is kept as it is: no key is in there, and a replay has to find it again. */
  #requestOf({ method, url, body }: SentRequest, redact: Redact) {
    const { origin } = new URL(url);
    return {
      method,
      path: redact(redactUrl(url).slice(origin.length)),
      body: isJsonObject(body)
        ? Object.fromEntries(
            Object.entries(body).map(([name, value]) => [
              name,
              this.#fields.has(name) ? redacted({ value }, redact).value : value,
            ]),
          )
        : body,
    };
  }

  #write(exchange: RecordedExchange): void {
    if (this.#fault !== null) return;
    const kept = this.#fitting(exchange);
    const line = lineOf(kept);
    try {
      if (line.length > MOST_LINE_BYTES || this.#bytes + line.length > MOST_BYTES)
        throw new RecordingError('the requests are larger than a recording may be');
      if (this.#written === MOST_EXCHANGES) throw new RecordingError(`over ${MOST_EXCHANGES} exchanges`);
      for (let at = 0; at < line.length; ) at += writeSync(this.#file, line, at);
      this.#bytes += line.length;
      this.#written += 1;
      this.#pieces += kept.reply.pieces.length;
      if (kept.reply.withheld !== undefined) this.#withheld += 1;
    } catch (error) {
      this.#fault = error;
      // Half a line is no exchange.
      ftruncateSync(this.#file, this.#bytes);
    }
  }

  /** Without the body where that would be more than a recording may hold. */
  #fitting(exchange: RecordedExchange): RecordedExchange {
    const { reply } = exchange;
    const room = Math.min(MOST_LINE_BYTES, MOST_BODIES_BYTES - this.#bytes);
    const fits = this.#pieces + reply.pieces.length <= MOST_PIECES_IN_ALL && lineOf(exchange).length <= room;
    if (fits || reply.pieces.length === 0) return exchange;
    return { ...exchange, reply: { ...reply, pieces: [], withheld: 'it is larger than a recording may be' } };
  }

  #writeHead(head: RecordingHead): void {
    const file = join(this.#folder, HEAD_FILE);
    writeWhole(file, `${JSON.stringify(head, null, 1)}\n`);
  }
}

const lineOf = (exchange: RecordedExchange) => Buffer.from(`${JSON.stringify(exchange)}\n`);

/** The head without its secrets. */
function headOf({ run, model, suite, seed, catalogue }: RecordingBegun) {
  const redact = redactor([
    ...secretsOfHeaders(run.headers),
    ...secretsOfUrl(run.url),
    ...secretsOfBody(run.body),
  ]);
  const { headers, url, label, ...rest } = run;
  return {
    label: redact(label ?? 'unknown'),
    model: model === null ? null : redact(model),
    suite,
    seed,
    ...(catalogue === undefined ? {} : { catalogue }),
    run: {
      ...rest,
      name: redact(run.name),
      url: redact(redactUrl(url)),
      label: label === null ? null : redact(label),
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, withoutValue(value)]),
      ),
      body: redacted(run.body, redact),
    },
  };
}

/** Any header of the user's may hold a key, whatever its name. */
const withoutValue = (value: string) => value.replace(/^((?:Bearer|Basic|Token)\s)?[\s\S]*$/i, '$1REDACTED');

function secretsOf({ baseHeaders, secrets }: WireOptions, { headers }: SendOptions): readonly string[] {
  const own = Object.entries(headers ?? {}).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  );
  return [
    ...secretsOfHeaders(baseHeaders ?? {}),
    ...secretsOfHeaders(Object.fromEntries(own)),
    ...(secrets ?? []),
  ];
}

function mustBeFree(folder: string, replace: boolean): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new RecordingError(`${folder} is a file; choose another --out`);
  const there = readdirSync(folder);
  if (there.length === 0) return;
  if (!there.includes(HEAD_FILE) && !there.includes(EXCHANGES_FILE))
    throw new RecordingError(`${folder} has other files in it; choose another --out`);
  if (!replace)
    throw new RecordingError(`${folder} holds a recording; choose another --out, or --force to replace it`);
}
