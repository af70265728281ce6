/** The ledger's files: rows are added at the end, and nothing is ever written over. */
import { accessSync, closeSync, constants, fdatasync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerRow } from './row.ts';

const SYNC_MS = 1_000;

export interface LedgerEvents {
  /** A row is in the file. */
  onRow(): void;
  /** A row is lost, or the disk did not take what was written. */
  onFailure(error: unknown): void;
}

export class Ledger {
  readonly #folder: string;
  readonly #now: () => Date;
  readonly #events: LedgerEvents;
  readonly #sync: NodeJS.Timeout;
  #file: { readonly fd: number; readonly day: string } | null = null;
  /** The file ends within a line. */
  #isTorn = false;
  #isDirty = false;

  /**
   * Makes the folder and the first file.
   * @throws what the file system throws, where there is no writing there
   */
  constructor(folder: string, events: LedgerEvents, now: () => Date = () => new Date()) {
    this.#folder = folder;
    this.#events = events;
    this.#now = now;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    this.#open(now());
    this.#sync = setInterval(() => this.#flush(), SYNC_MS).unref();
  }

  /** Once it returns, the row survives the end of this process. A row that can't be written is counted, not thrown. */
  add(row: LedgerRow): void {
    const line = Buffer.from(`${this.#isTorn ? '\n' : ''}${JSON.stringify(row)}\n`);
    try {
      this.#write(this.#current(), line);
      this.#events.onRow();
    } catch (error) {
      this.#events.onFailure(error);
    }
  }

  close(): void {
    clearInterval(this.#sync);
    if (this.#file !== null) closeSync(this.#file.fd);
    this.#file = null;
  }

  #current(): number {
    const now = this.#now();
    if (this.#file?.day === dayOf(now)) return this.#file.fd;
    return this.#open(now);
  }

  /** A name that is taken belongs to another proxy of the same process id in another container: the next moment is free. */
  #open(now: Date): number {
    const before = this.#file;
    let fd: number | null = null;
    for (let later = 0; fd === null; later += 1) {
      const start = new Date(now.getTime() + later).toISOString().replaceAll(':', '-');
      try {
        fd = openSync(join(this.#folder, `${start}-${process.pid}.ndjson`), 'ax', 0o600);
      } catch (error) {
        const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
        if (!isTaken || later === 1000) throw error;
      }
    }
    this.#file = { fd, day: dayOf(now) };
    this.#isTorn = false;
    if (before !== null) fdatasync(before.fd, () => closeSync(before.fd));
    return fd;
  }

  #write(fd: number, line: Buffer): void {
    let written = 0;
    try {
      while (written < line.length) written += writeSync(fd, line, written);
      this.#isTorn = false;
    } catch (error) {
      // A disk that fills up may take a part of it.
      if (written > 0) this.#isTorn = true;
      throw error;
    }
    this.#isDirty = true;
  }

  #flush(): void {
    if (!this.#isDirty || this.#file === null) return;
    this.#isDirty = false;
    fdatasync(this.#file.fd, (error) => {
      if (error !== null && error.code !== 'EBADF') this.#events.onFailure(error);
    });
  }
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);
