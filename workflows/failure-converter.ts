import { DefaultFailureConverter } from '@temporalio/common';
import { ENCODES_FAILURES } from '../contract/temporal-names.js';

/**
 * Converts errors to failures. Where the worker encrypts payloads, message and stack are moved into an encrypted payload, since they may name
 * people. Both forms can be read, and no command depends on which is written. See docs/adr/0039.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: ENCODES_FAILURES in globalThis });
