import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../../../contract/config/load-config.js';
import { withSecretFiles } from '../../../../contract/config/secret-files.js';
import { readCompose, type Service } from '../../../../embedded/cluster/compose.js';
import { Container } from '../../../../embedded/cluster/container.js';
import { Network } from '../../../../embedded/cluster/network.js';
import { Home } from '../../../../embedded/home.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

/** docker-compose.yml translated to a machine without containers. */

const home = await Home.open(await temporaryFolder());
const compose = await readCompose();
const network = await Network.of(home, compose);
const container = (name: string, service = name) =>
  new Container(home, network, compose, name, compose.services.get(service) as Service);

test('gives every process an address of its own, and the same at the next start', async () => {
  const names = [
    'mongodb-1',
    'mongodb-2',
    'mongodb-3',
    'postgres',
    'temporal',
    'api-1',
    'api-2',
    'worker-1',
    'worker-2',
    'proxy',
  ];
  const addresses = names.map((name) => network.address(name));
  expect(new Set(addresses).size).toBe(names.length);
  for (const address of addresses) expect(address).toMatch(/^127\./);
  expect([network.of('worker'), network.of('api-1')]).toEqual([['worker-1', 'worker-2'], ['api-1']]);
  const next = await Network.of(home, compose);
  expect(names.map((name) => next.address(name))).toEqual(addresses);
});

test('gives processes no host, path or network address of a container', () => {
  const processes = [
    ...['mongodb-1', 'postgres', 'temporal', 'api-1', 'api-2', 'proxy', 'agent'].map((name) => container(name)),
    container('worker-2', 'worker'),
  ];
  for (const { name, command, environment } of processes) {
    const told = [
      ...command,
      ...Object.entries(environment).flatMap(([key, value]) => (key in process.env ? [] : [value])),
    ];
    for (const word of told)
      expect([name, word]).toEqual([
        name,
        expect.not.stringMatching(
          /\/run\/secrets|\/usr\/local|\/etc\/(?!temporal\/entrypoint\.sh)|0\.0\.0\.0|172\.|\b(api-\d|temporal|postgres|mongodb-\d|proxy):\d/,
        ),
      ]);
  }
});

test("lets an api trust the proxy's address, and listen where the proxy expects it", () => {
  const secret = (path: string) => (path.endsWith('uri') ? 'mongodb://host/db' : 'a-secret');
  const { API } = loadConfig({ env: withSecretFiles(container('api-2').environment, secret) }).Orchestrator;
  expect(container('proxy').environment).toMatchObject({
    SOURCE: API.TrustedProxies[0],
    API_2: `${API.Host}:${API.Port}`,
  });
});

test('mounts files of this repository', async () => {
  for (const word of container('proxy').command.filter((one) => one.endsWith('.cfg')))
    expect(await readFile(word, 'utf8')).toContain('backend apis');
  expect(container('api-1').environment['ORCHESTRATOR__MONGODB__URI_FILE']).toBe(join(home.secrets, 'mongodb-uri'));
});
