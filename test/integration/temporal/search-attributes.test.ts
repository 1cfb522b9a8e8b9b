import { expect, test } from '@jest/globals';
import { msToTs } from '@temporalio/common/lib/time.js';
import { SEARCH_ATTRIBUTES } from '../../../contract/temporal-names.js';
import { TemporalProbe } from '../../../src/process/server-probe.js';
import { commandFor } from '../../../src/temporal/search-attributes.js';
import { eventually } from '../../support/eventually.js';
import { useMongod } from '../../support/servers/mongod.js';
import { useTemporal } from '../../support/servers/temporal.js';
import { ownConfig, startClient } from '../../support/temporal/control-plane.js';

const mongod = useMongod();
const temporal = useTemporal();

/** temporal.api.enums.v1.IndexedValueType */
const [TEXT, KEYWORD] = [1, 2];

/** A namespace of the test's own, with these search attributes. */
async function makeNamespace(namespace: string, attributes: Record<string, number> = {}): Promise<void> {
  const { workflowService, operatorService } = temporal.env.connection;
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1d') });
  if (Object.keys(attributes).length === 0) return;
  await eventually(() => operatorService.addSearchAttributes({ namespace, searchAttributes: attributes }), 60_000);
}

test('the first process adds the search attributes to a namespace without them', async () => {
  await makeNamespace('without');
  const client = await startClient(
    ownConfig(mongod.uri, temporal.address, { 'Orchestrator.Temporal.Namespace': 'without' }),
  );
  try {
    await eventually(() => client.get(TemporalProbe).check(), 60_000);
    const { customAttributes } = await temporal.env.connection.operatorService.listSearchAttributes({
      namespace: 'without',
    });
    expect(customAttributes).toMatchObject(Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, KEYWORD])));
  } finally {
    await client.close();
  }
});

test('a namespace where they have another type is refused, with the remedy', async () => {
  await makeNamespace('of-text', { NodePhase: TEXT });
  const client = await startClient(
    ownConfig(mongod.uri, temporal.address, { 'Orchestrator.Temporal.Namespace': 'of-text' }),
  );
  try {
    const command = commandFor({ address: temporal.address, namespace: 'of-text' }, ['NodePhase']);
    await eventually(
      () =>
        expect(client.get(TemporalProbe).check()).rejects.toThrow(
          `(NodePhase), and has some of these names of another type: remove those. Make them: ${command} `,
        ),
      60_000,
    );
  } finally {
    await client.close();
  }
});
