import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The inodes of the sockets that listen on a TCP port, from the text of `/proc/net/tcp` or `/proc/net/tcp6`. */
function listeningInodes(table: string, port: number): string[] {
  const listen = '0A';
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes: string[] = [];
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [, local, , state] = fields;
    const inode = fields[9];
    if (state === listen && local?.endsWith(`:${hexPort}`) && inode) inodes.push(inode);
  }
  return inodes;
}

function processGroupOf(pid: string): number | undefined {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[2]);
}

function holdsSocket(pid: string, sockets: ReadonlySet<string>): boolean {
  return readdirSync(`/proc/${pid}/fd`).some((fd) => {
    try {
      return sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
    } catch {
      return false;
    }
  });
}

/**
 * Whether the process that listens on a loopback port belongs to a process group. A server that could not bind its
 * port must not be taken for ready because a stranger answers there.
 *
 * @returns `unknown` where the system does not tell (no `/proc`).
 */
export function whoListens(port: number, pgid: number): 'group' | 'stranger' | 'unknown' {
  try {
    const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readIfThere(file));
    const sockets = new Set(
      tables.flatMap((table) => listeningInodes(table, port)).map((n) => `socket:[${n}]`),
    );
    if (sockets.size === 0) return 'unknown';
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        if (processGroupOf(pid) === pgid && holdsSocket(pid, sockets)) return 'group';
      } catch {
        // It ended while we looked.
      }
    }
    return 'stranger';
  } catch {
    return 'unknown';
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
