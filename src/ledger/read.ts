/** Rows of a ledger's files, line by line: flat memory however many there are. */
import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonObject, parseJson } from '../model/json.ts';

/** A longer line is none of ours. */
const MOST_LINE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

export interface LedgerReading {
  /** Takes each row, as it stands there. */
  row(row: JsonObject): void;
  /** A line that is no row: torn by a full disk or the end of its process, or somebody else's. */
  unreadable(): void;
}

/** Files of a ledger in the order in which they were begun. @throws what the file system throws */
export function ledgerFiles(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  return names.sort().map((name) => join(folder, name));
}

/** @throws what the file system throws */
export async function readLedgerFile(file: string, reading: LedgerReading): Promise<void> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  const take = (line: string) => {
    if (line.trim() === '') return;
    const value = heldBytes > MOST_LINE_BYTES ? undefined : parseJson(line);
    if (isJsonObject(value) && value.v === 1) reading.row(value);
    else reading.unreadable();
  };
  const endLine = (last: Buffer) => {
    heldBytes += last.length;
    take(Buffer.concat([...held, last]).toString('utf8'));
    held = [];
    heldBytes = 0;
  };
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    let at = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, at)) {
      endLine(piece.subarray(at, end));
      at = end + 1;
    }
    heldBytes += piece.length - at;
    // Of a line that is too long only its head is held.
    if (heldBytes <= MOST_LINE_BYTES) held.push(piece.subarray(at));
  }
  endLine(Buffer.alloc(0));
}
