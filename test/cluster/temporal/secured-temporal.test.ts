import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { stringify } from 'yaml';
import { loadConfig } from '../../../contract/config/load-config.js';
import { TemporalProbe } from '../../../src/process/server-probe.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { withTemporalProfile } from '../../../src/temporal/temporal-access.js';
import { makeAuthority, makeServerCertificate } from '../../support/certificates.js';
import { eventually } from '../../support/eventually.js';
import { newNode } from '../../support/mongo/node-fixtures.js';
import { TestIssuer } from '../../support/oidc-issuer.js';
import { useMongod } from '../../support/servers/mongod.js';
import { startSecuredTemporal, tlsOf, type Security } from '../../support/servers/temporal-server.js';
import { ownConfig, startClient, startWorker, type Part } from '../../support/temporal/control-plane.js';
import { useInSuite } from '../../support/use-in-suite.js';
import { removeFolder } from '../../support/remove-folder.js';

const mongod = useMongod();

/** A Temporal that demands a client certificate and a bearer token, and valid ones. */
const secured = useInSuite(
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-secured-'));
    const issuer = await TestIssuer.start();
    const authority = await makeAuthority(folder, 'authority');
    const [server, client, stranger] = [
      await makeServerCertificate(folder, 'server', authority),
      await makeServerCertificate(folder, 'client', authority),
      await makeServerCertificate(folder, 'stranger', await makeAuthority(folder, 'another')),
    ];
    const security: Security = { server, authority, client, bearerKeys: `${issuer.url}/keys` };
    const temporal = await startSecuredTemporal(security);
    return { folder, issuer, authority, client, stranger, security, temporal };
  },
  async ({ temporal, issuer, folder }) => {
    await temporal.stop();
    await issuer.stop();
    await removeFolder(folder);
  },
);

const bearer = (...permissions: string[]) => secured.issuer.sign({ permissions });

/** An administrator of Temporal creates a namespace. */
async function makeNamespace(namespace: string): Promise<void> {
  const apiKey = await bearer('temporal-system:admin');
  const connection = await Connection.connect({
    address: secured.temporal.address,
    tls: tlsOf(secured.security),
    apiKey,
  });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs('1d'),
    });
  } finally {
    await connection.close();
  }
}

/** A process's own files, which the test renews. */
function files(name: string) {
  const [CertFile, KeyFile, APIKeyFile] = ['crt', 'key', 'token'].map((kind) =>
    join(secured.folder, `${name}.${kind}`),
  );
  return { CertFile, KeyFile, APIKeyFile } as { CertFile: string; KeyFile: string; APIKeyFile: string };
}

function settingsFor(namespace: string, { CertFile, KeyFile, APIKeyFile }: ReturnType<typeof files>) {
  return {
    'Orchestrator.Temporal.Namespace': namespace,
    'Orchestrator.Temporal.TLS.CAFile': secured.authority.certFile,
    'Orchestrator.Temporal.TLS.CertFile': CertFile,
    'Orchestrator.Temporal.TLS.KeyFile': KeyFile,
    'Orchestrator.Temporal.APIKeyFile': APIKeyFile,
  };
}

const parts: Part[] = [];
afterEach(async () => {
  for (const part of parts.splice(0)) await part.close();
});
async function open(started: Promise<Part>): Promise<Part> {
  const part = await started;
  parts.push(part);
  return part;
}

const isApplied = (client: Part, uid: string) =>
  eventually(async () => expect((await client.get(NodeStore).findByUid(uid))?.applied?.seq).toBe(1), 120_000);
const renewed = () => void process.emit('SIGHUP');

test('api and worker work over mutual TLS with a bearer token, and load renewed certificates and keys', async () => {
  await makeNamespace('cluster');
  const own = files('renewed');
  // As if the authority had changed, and the files were not renewed yet.
  copyFileSync(secured.stranger.certFile, own.CertFile);
  copyFileSync(secured.stranger.keyFile, own.KeyFile);
  writeFileSync(own.APIKeyFile, 'no-key-at-all');
  const config = ownConfig(mongod.uri, secured.temporal.address, settingsFor('cluster', own));
  const client = await open(startClient(config));
  await open(startWorker(config));
  const check = () => client.get(TemporalProbe).check();
  await expect(check()).rejects.toThrow(/did not do it/);

  copyFileSync(secured.client.certFile, own.CertFile);
  copyFileSync(secured.client.keyFile, own.KeyFile);
  renewed();
  await eventually(() => expect(check()).rejects.toThrow(/[Uu]nauthorized/), 60_000);

  writeFileSync(own.APIKeyFile, `${await bearer('cluster:admin')}\n`);
  renewed();
  await eventually(check, 60_000);
  const { uid } = await client.get(NodeStore).create(newNode('node-1', { at: Date.now() }), []);
  await isApplied(client, uid);

  // Once the server knows, the former key's signature is refused; the renewed one is accepted, for the running worker too.
  await secured.issuer.rotate();
  await eventually(() => expect(check()).rejects.toThrow(/[Uu]nauthorized/), 60_000);
  writeFileSync(own.APIKeyFile, await bearer('cluster:admin'));
  renewed();
  await eventually(check, 60_000);
  const later = await client.get(NodeStore).create(newNode('node-2', { at: Date.now() }), []);
  await isApplied(client, later.uid);
});

test('Temporal’s own profile provides address and credentials', async () => {
  await makeNamespace('by-profile');
  const file = join(secured.folder, 'temporal.toml');
  writeFileSync(
    file,
    `[profile.ops]
address = "${secured.temporal.address}"
namespace = "by-profile"
api_key = "${await bearer('by-profile:admin')}"
[profile.ops.tls]
server_ca_cert_path = "${secured.authority.certFile}"
client_cert_path = "${secured.client.certFile}"
client_key_path = "${secured.client.keyFile}"
`,
  );
  const { Orchestrator } = ownConfig(mongod.uri, 'unused:1');
  const text = stringify({
    Orchestrator: {
      MongoDB: { URI: Orchestrator.MongoDB.URI },
      Temporal: { ProfileFile: file, Profile: 'ops', TaskQueue: Orchestrator.Temporal.TaskQueue },
    },
  });
  const config = withTemporalProfile(loadConfig({ file: { path: 'config.yaml', text } }), {});
  const client = await open(startClient(config));
  await eventually(() => client.get(TemporalProbe).check(), 60_000);
});

test('a server without the expected name is refused', async () => {
  const config = ownConfig(mongod.uri, secured.temporal.address, {
    ...settingsFor('cluster', {
      ...files('named'),
      CertFile: secured.client.certFile,
      KeyFile: secured.client.keyFile,
    }),
    'Orchestrator.Temporal.APIKeyFile': join(secured.folder, 'named.token'),
    'Orchestrator.Temporal.TLS.ServerName': 'temporal.example.org',
  });
  writeFileSync(join(secured.folder, 'named.token'), await bearer('cluster:admin'));
  const client = await open(startClient(config));
  await expect(client.get(TemporalProbe).check()).rejects.toThrow(/did not do it/);
});

test('a process that may not create search attributes lists them, with the command that creates them', async () => {
  await makeNamespace('bare');
  const own = { ...files('writer'), CertFile: secured.client.certFile, KeyFile: secured.client.keyFile };
  writeFileSync(own.APIKeyFile, await bearer('bare:write'));
  const client = await open(startClient(ownConfig(mongod.uri, secured.temporal.address, settingsFor('bare', own))));
  await eventually(
    () =>
      expect(client.get(TemporalProbe).check()).rejects.toThrow(
        /lacks search attributes of type Keyword \(NodePhase, .*could not make them: .*temporal operator search-attribute create .*--namespace bare --name NodePhase --type Keyword/,
      ),
    60_000,
  );
  writeFileSync(own.APIKeyFile, await bearer('bare:admin'));
  renewed();
  await eventually(() => client.get(TemporalProbe).check(), 60_000);
});
