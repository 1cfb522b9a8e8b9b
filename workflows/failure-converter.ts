import { DefaultFailureConverter } from '@temporalio/common';
import { ENCODES_FAILURES } from '../contract/temporal-names.js';

/**
 * Makes failures of errors. Where the worker encrypts payloads, message and stack go into one of these: they may name people. Whichever way they
 * are written, they are read, and no command depends on it. See docs/adr/0039.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: ENCODES_FAILURES in globalThis });
