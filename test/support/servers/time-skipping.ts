import { TestWorkflowEnvironment } from '@temporalio/testing';
import { SEARCH_ATTRIBUTES } from '../../../contract/temporal-names.js';
import { findBinary } from '../../../embedded/find-binary.js';
import { adoptTimeSkippingJars } from '../../../embedded/from-registries/time-skipping-jars.js';
import { TIME_SKIPPING } from '../../../embedded/time-skipping-binary.js';
import { ServerProcess } from './server-process.js';

/** temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD */
const KEYWORD = 2;

/** Called by `createTimeSkipping`. The SDK lets a test connect to a running server, but not to one that skips time. */
interface Creator {
  create(options: {
    server: { type: 'existing' };
    address: string;
    supportsTimeSkipping: true;
  }): Promise<TestWorkflowEnvironment>;
}

/**
 * Temporal's time-skipping test server with Rollcall's search attributes. All of its workflows share one clock: run them one by
 * one, and end it with `teardown()`. Started here, since the SDK gives it 5 s to come up and has no setting for that.
 */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  await adoptTimeSkippingJars();
  const spec = {
    name: 'the time-skipping server',
    command: await findBinary(TIME_SKIPPING),
    args: (port: number) => [String(port)],
  };
  const { server, answer: env } = await ServerProcess.start(spec, (address) =>
    (TestWorkflowEnvironment as unknown as Creator).create({
      server: { type: 'existing' },
      address,
      supportsTimeSkipping: true,
    }),
  );
  const disconnect = env.teardown.bind(env);
  env.teardown = async () => {
    await disconnect();
    await server.stop();
  };
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, KEYWORD])),
  });
  return env;
}
