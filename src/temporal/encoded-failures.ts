import { DefaultFailureConverter } from '@temporalio/common';

/** Encodes failures of activities, as workflows/failure-converter.ts does those of workflows. Temporal's SDK loads this file by its path. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
