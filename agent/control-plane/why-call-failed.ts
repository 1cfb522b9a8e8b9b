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
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is signed by itself and not trusted here; name it in Compute.TLS.CAFile',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate comes from an authority that is not trusted here; name that in Compute.TLS.CAFile',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate comes from an authority that is not trusted here; name that in Compute.TLS.CAFile',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate comes from an authority that is not trusted here; name that in Compute.TLS.CAFile',
  CERT_SIGNATURE_FAILURE:
    'its certificate comes from an authority that is not trusted here; name that in Compute.TLS.CAFile',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock here is wrong',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak HTTPS; name it as http://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak HTTPS; name it as http://',
  HPE_INVALID_CONSTANT: 'it does not speak HTTP; name it as https://',
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
 * Describes why an HTTP call got no answer. fetch hides the reason in its error's cause, and in an AggregateError below that if
 * a name has several addresses.
 */
export function whyCallFailed(error: unknown, timeoutMs: number): string {
  if (typeof error !== 'object' || error === null) return 'its answer cannot be read';
  const { name, message, code, errors, cause } = error as ErrorLike;
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
  if (name === 'SyntaxError') return 'its answer is no JSON';
  if (code !== undefined && REASONS[code] !== undefined) return REASONS[code];
  const [deeper] = errors ?? [cause];
  return typeof deeper === 'object' && deeper !== null
    ? whyCallFailed(deeper, timeoutMs)
    : (code ?? message ?? 'its answer cannot be read');
}
