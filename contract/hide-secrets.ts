import { NODE_NAME_PATTERN } from './node-name.js';

/** Tokens, cookies, keys and the parts of a JWT are runs of at least 43 such characters; ordinary words and addresses are shorter. */
const LONG_RUN = /[A-Za-z0-9_-]{40,}/g;
/** Keeps the public part of a token (`rca_0123456789abcdef`), or at least shows that something was removed. */
const PUBLIC_PART = /^rc[ajbl]_[A-Za-z0-9]{16}(?=_)/;

/** Removes possible secrets from the `text` of a call, for logs and answers: people paste tokens into addresses and field names. */
export function hideSecrets(text: string): string {
  return text.replace(LONG_RUN, (run) => (NODE_NAME_PATTERN.test(run) ? run : `${PUBLIC_PART.exec(run)?.[0] ?? ''}…`));
}
