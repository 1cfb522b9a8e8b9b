const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved for now',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'it took too long to connect',
  UND_ERR_CONNECT_TIMEOUT: 'it took too long to connect',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself; name its authority in NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an unknown authority; name it in NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an unknown authority; name it in NODE_EXTRA_CA_CERTS',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an unknown authority; name it in NODE_EXTRA_CA_CERTS',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

interface ErrorLike {
  name?: string;
  message?: string;
  code?: string;
  errors?: unknown[];
  cause?: unknown;
}

/**
 * Why an HTTP call got no answer, in words. fetch hides the reason in the cause of its error, and in an AggregateError
 * below that where a name has several addresses.
 */
export function whyCallFailed(error: unknown, timeoutMs: number): string {
  if (typeof error !== 'object' || error === null) return 'its answer cannot be read';
  const { name, message, code, errors, cause } = error as ErrorLike;
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
  if (name === 'SyntaxError') return 'its answer is no JSON';
  if (code !== undefined && REASONS[code] !== undefined) return REASONS[code];
  const [deeper] = errors ?? [cause];
  return typeof deeper === 'object' && deeper !== null ? whyCallFailed(deeper, timeoutMs) : (code ?? message ?? 'its answer cannot be read');
}
