import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  createNode,
  listPrometheusTargets,
  putInfo,
  rejectNode,
  removeNode,
  type NodeInfo,
} from '../../../client/index.js';
import { findOnPath } from '../../../scripts/find-program.mjs';
import { AgentUnderTest, INFO } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';
import { eventually } from '../../support/eventually.js';
import { ServerProcess } from '../../support/servers/server-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useInSuite } from '../../support/use-in-suite.js';

const api = useApi();

async function joined(
  name: string,
  info: Partial<NodeInfo>,
  labels: Record<string, string> = {},
): Promise<AgentUnderTest> {
  const agent = new AgentUnderTest(api);
  const { data } = await agent.register(api.joinToken, { name, labels });
  agent.uid = data?.uid ?? '';
  await agent.authenticate();
  const told = await putInfo({ client: agent.client, body: { ...INFO, ...info } });
  expect(told.response?.status).toBe(204);
  return agent;
}
const targets = async (query = {}) => (await listPrometheusTargets({ client: api.admin, query })).data ?? [];

/** A node's metrics. */
const exporter = useInSuite(
  async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end('test_answers 42\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: (server.address() as AddressInfo).port, close: () => server.close() };
  },
  ({ close }) => void close(),
);

test('approved nodes are listed with the port from their label, and their labels', async () => {
  await joined(
    'told',
    { addresses: ['10.0.0.7', '2001:db8::7'], zone: 'hall-2', instanceId: 'i-7' },
    { 'metrics-port': '9400', 'gpu.vendor/model': 'a100' },
  );
  await joined('six', { addresses: ['no address', '2001:db8::8'] });
  await joined('silent', {});
  await joined('apart', { addresses: ['10.0.0.9'] }, { 'metrics-port': 'none' });
  await joined('rejected', { addresses: ['10.0.0.10'] });
  await rejectNode({ client: api.admin, path: { id: 'rejected' }, body: { message: 'x' } });
  await createNode({ client: api.admin, body: { name: 'slot' } });
  const found = await targets();
  expect(found.map((one) => one.targets)).toEqual([['[2001:db8::8]:9100'], ['10.0.0.7:9400']]);
  expect(found[1]?.labels).toMatchObject({
    __meta_rollcall_node: 'told',
    __meta_rollcall_approval: 'APPROVED',
    __meta_rollcall_zone: 'hall-2',
    __meta_rollcall_instance_id: 'i-7',
    __meta_rollcall_addresses: ',10.0.0.7,2001:db8::7,',
    __meta_rollcall_label_gpu_vendor_model: 'a100',
    __meta_rollcall_labelpresent_gpu_vendor_model: 'true',
  });
  expect((await targets({ port: '9999', label: 'metrics-port=9400' }))[0]?.targets).toEqual(['10.0.0.7:9400']);
  expect((await targets({ portLabel: 'other', port: '9999' })).map((one) => one.targets[0])).toEqual([
    '10.0.0.9:9999',
    '[2001:db8::8]:9999',
    '10.0.0.7:9999',
  ]);
  expect((await listPrometheusTargets({ client: api.admin, query: { port: '70000' } })).response?.status).toBe(400);
  for (const id of ['told', 'six', 'silent', 'apart', 'rejected'])
    await removeNode({ client: api.admin, path: { id }, query: { force: 'true' } });
});

test('Prometheus scrapes the targets, with an api token, and drops removed ones', async () => {
  const prometheus = findOnPath(['prometheus']);
  if (prometheus === undefined) throw new Error('prometheus is not installed: apt-get install prometheus');
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'token'), api.adminToken, { mode: 0o600 });
  const config = {
    scrape_configs: [
      {
        job_name: 'fleet',
        scrape_interval: '1s',
        http_sd_configs: [
          {
            url: `${api.url}/v1/sd/prometheus`,
            refresh_interval: '1s',
            // Older versions send the bare token without a type.
            authorization: { type: 'Bearer', credentials_file: join(folder, 'token') },
          },
        ],
        relabel_configs: [{ source_labels: ['__meta_rollcall_node'], target_label: 'node' }],
      },
    ],
  };
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  await joined('scraped', { addresses: ['127.0.0.1'] }, { 'metrics-port': String(exporter.port) });
  const { server } = await ServerProcess.start(
    {
      name: 'prometheus',
      command: prometheus,
      args: (port, data) => [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
    },
    async (address) => {
      if (!(await fetch(`http://${address}/-/ready`)).ok) throw new Error('not ready');
    },
  );
  try {
    const ask = async (query: string) => {
      const answer = await fetch(`http://${server.address}/api/v1/query?query=${query}`);
      const { data } = (await answer.json()) as { data: { result: { metric: object; value: [number, string] }[] } };
      return data.result;
    };
    await eventually(async () =>
      expect(await ask('test_answers')).toMatchObject([
        { metric: { node: 'scraped' }, value: [expect.anything(), '42'] },
      ]),
    );
    await removeNode({ client: api.admin, path: { id: 'scraped' } });
    await eventually(async () => expect(await ask('test_answers')).toEqual([]));
  } finally {
    await server.stop();
  }
});
