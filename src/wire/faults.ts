/** What went wrong on a connection, in words for a report: one line, no stack. */
export function describeFault(error: Error, where: string): string {
  const code = codeOf(error);
  const known = FAULTS[code];
  if (known !== undefined) return `${known} ${where}`;
  if (error.name === 'HTTPParserError') return malformed(error, where);
  if (CERTIFICATE_FAULTS.has(code)) {
    return `certificate not trusted ${where} (${code}): give its CA with --cacert FILE`;
  }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') {
    return `TLS handshake failed ${where}; does this port speak plain http://?`;
  }
  return `${oneLine(error.message === '' ? error.name : error.message)} ${where}`;
}

/** HTTP allows a server to send it, and undici closes the connection over it: the server is not to blame. */
export function isUnaskedContinue(error: Error): boolean {
  return 'code' in error && error.code === 'UND_ERR_SOCKET' && error.message === 'bad response';
}

const FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed while the request was sent',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'host name could not be looked up',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'connection timed out',
  EADDRNOTAVAIL: 'address not available',
  EACCES: 'connection not permitted',
  CERT_HAS_EXPIRED: 'certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another host name',
  UND_ERR_SOCKET: 'connection closed',
  UND_ERR_HEADERS_OVERFLOW: 'response head too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'body shorter or longer than its content-length',
};

/** llhttp's reason stands in brackets; a body without its last chunk is "Invalid EOF state". */
function malformed(error: Error, where: string): string {
  const reason = /\((.*)\)/.exec(error.message)?.[1] ?? error.message;
  if (reason === 'Invalid EOF state') return `connection closed before the end of the body ${where}`;
  return `malformed HTTP ${where}: ${oneLine(reason)}`;
}

const CERTIFICATE_FAULTS = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);

/** Several addresses were tried (localhost is ::1 and 127.0.0.1): they nearly always fail alike. */
function codeOf(error: Error): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return codeOf(error.errors[0]);
  const code: unknown = 'code' in error ? error.code : undefined;
  if (code === 'UND_ERR_SOCKET' && error.cause instanceof Error) return codeOf(error.cause);
  return typeof code === 'string' ? code : '';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}
