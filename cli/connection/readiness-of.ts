import type { Client } from '../../client/client/index.js';
import { getReadiness } from '../../client/sdk.gen.js';
import type { Readiness } from '../../client/types.gen.js';

/** The api's report of the servers behind it, whether it is ready or not; undefined without an answer. */
export async function readinessOf(client: Client): Promise<Readiness | undefined> {
  const { data, error } = await getReadiness({ client }).catch(() => ({ data: undefined, error: undefined }));
  const told = data ?? error;
  return told !== undefined && 'temporal' in told ? told : undefined;
}
