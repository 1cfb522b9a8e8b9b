import { NODE_NAME_PATTERN } from './node-name.js';

/** Tokens, cookies, keys and the parts of a JWT are runs of at least 43 such characters; words of people and addresses of ours are shorter. */
const LONG_RUN = /[A-Za-z0-9_-]{40,}/g;
/** What is left names a token (`rca_0123456789abcdef`) or says at least that something stood there. */
const PUBLIC_PART = /^rc[ajbl]_[A-Za-z0-9]{16}(?=_)/;

/** `text` of a caller without what may be a secret, for logs and answers: people paste tokens into addresses and names of fields. */
export function hideSecrets(text: string): string {
  return text.replace(LONG_RUN, (run) => (NODE_NAME_PATTERN.test(run) ? run : `${PUBLIC_PART.exec(run)?.[0] ?? ''}…`));
}
