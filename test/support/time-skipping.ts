import { TestWorkflowEnvironment } from '@temporalio/testing';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes.js';
import { findBinary } from '../../embedded/find-binary.js';
import { adoptTimeSkippingJars, TIME_SKIPPING } from '../../embedded/time-skipping-binary.js';
import { patiently } from './patiently.js';

/** temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD */
const KEYWORD = 2;

/**
 * Temporal's time-skipping test server with our search attributes. There is one clock for all of its workflows: run them one by
 * one, and end it with `teardown()`.
 */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  await adoptTimeSkippingJars();
  const path = await findBinary(TIME_SKIPPING);
  const env = await patiently(() => TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } }));
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, KEYWORD])),
  });
  return env;
}
