import { Counter, Gauge, Registry } from 'prom-client';
import type { LedgerRow } from '../ledger/row.ts';

const MOST_MODELS = 100;
const OTHER = '_other';
const NONE = '_none';
const MOST_NAME = 128;

/** Tokens in and out of one request, where they are known. */
export interface TokenCounts {
  readonly input: number | null;
  readonly output: number | null;
}

/** What Prometheus reads. Names and labels are read by other people's dashboards: they are added to, never renamed. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #models = new Set<string>();
  readonly #requests = this.#counter(
    'lastchunk_requests_total',
    'Requests of observed routes, by how they ended',
    [...['api', 'model', 'stream', 'status', 'end']],
  );
  readonly #problems = this.#counter(
    'lastchunk_problems_total',
    'Faults of answers, by the id of the check',
    [...['check', 'model']],
  );
  readonly #missing = this.#counter('lastchunk_usage_missing_total', 'Answers without usage of the server', [
    'model',
  ]);
  readonly #open = new Gauge({
    name: 'lastchunk_streams_open',
    help: 'Streams of observed routes that are passing now',
    registers: [this.#registry],
  });
  readonly #rows = this.#counter('lastchunk_ledger_rows_total', 'Rows written', []);
  readonly #failures = this.#counter(
    'lastchunk_ledger_failures_total',
    'Rows and writes that the disk refused',
    [],
  );
  readonly #input = this.#tokens('input');
  readonly #output = this.#tokens('output');

  readonly contentType: string = this.#registry.contentType;

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** @param operation as OpenTelemetry calls what was asked for */
  request(row: LedgerRow, operation: string, tokens: TokenCounts): void {
    const model = this.#label(row.model);
    const status = row.status === null ? NONE : String(row.status);
    const { api, end } = row;
    this.#requests.inc({ api, model, stream: String(row.stream), status, end });
    for (const check of row.problems) this.#problems.inc({ check, model });
    if (row.reported === null && isAnswered(row)) this.#missing.inc({ model });
    const labels = {
      gen_ai_operation_name: operation,
      gen_ai_provider_name: 'openai',
      gen_ai_request_model: model,
      gen_ai_token_modality: 'text',
    };
    if (tokens.input !== null) this.#input.inc(labels, tokens.input);
    if (tokens.output !== null) this.#output.inc(labels, tokens.output);
  }

  streamOpened(): void {
    this.#open.inc();
  }

  streamClosed(): void {
    this.#open.dec();
  }

  rowWritten(): void {
    this.#rows.inc();
  }

  ledgerFailed(): void {
    this.#failures.inc();
  }

  #counter(name: string, help: string, labelNames: string[]) {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  /** By the OpenTelemetry conventions for generative AI. */
  #tokens(direction: 'input' | 'output') {
    return this.#counter(
      `gen_ai_client_inference_usage_${direction}_tokens_total`,
      `Tokens of ${direction === 'input' ? 'prompts' : 'answers'}, as the server says, else as counted`,
      ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model', 'gen_ai_token_modality'],
    );
  }

  /** Names come from clients, so only so many are kept apart. */
  #label(model: string | null): string {
    const name = model === null ? NONE : model.slice(0, MOST_NAME);
    if (this.#models.has(name)) return name;
    if (this.#models.size >= MOST_MODELS) return OTHER;
    this.#models.add(name);
    return name;
  }
}

/** An answer that has, or should have, counts. */
const isAnswered = ({ status }: Pick<LedgerRow, 'status'>): boolean =>
  status !== null && status >= 200 && status < 300;
