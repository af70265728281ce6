import type { RowEnd } from '../ledger/row.ts';

/** Who looks on while a request of an observed route passes, and edits it where the user wants that. */
export interface Observer {
  /** It waited so long for its turn. */
  waited(ms: number): void;
  /** The body has to be there before anything is sent: something may go into it. */
  readonly readsAhead: boolean;
  requestBytes(bytes: Uint8Array): void;
  /** The whole body is there. @returns what is sent in its place; null: as it came */
  edited(): Buffer | null;
  /** Whether an answer with this status may be about what was edited. */
  mayRefuseEdit(status: number): boolean;
  /** @param text of such an answer. @returns whether it is, so that the request is to be sent once more as it came */
  refusesEdit(text: string): boolean;
  /** The status that the client gets, and headers where they are the server's. */
  answered(status: number, headers: readonly string[]): void;
  /** Whether bytes of the answer may be taken out or added. */
  readonly editsAnswer: boolean;
  /** What is said of it in a header; null: nothing is. */
  readonly mode: string | null;
  /** Bytes of the answer, before the client gets them. @returns what the client gets now */
  answerBytes(bytes: Uint8Array): readonly Uint8Array[];
  /** True once, where the answer is whole by now: what may still come is no part of it. */
  becameWhole(): boolean;
  /** All has come. @returns what the client still gets. @param signal aborted when nobody waits for it any more */
  rest(signal: AbortSignal): Promise<readonly Uint8Array[]>;
  /** The answer breaks off. @returns what came of it and was held */
  held(): readonly Uint8Array[];
  /** Once or more: the first end is the one. */
  ended(end: RowEnd): void;
}
