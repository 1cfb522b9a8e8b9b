import { DefaultFailureConverter } from '@temporalio/common';

/** What activities fail with, as workflows/failure-converter.ts does it in the sandbox. Temporal's SDK loads it by its path. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
