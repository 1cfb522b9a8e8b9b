import { mkdtempSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import { Test } from '@nestjs/testing';
import type { INestApplicationContext } from '@nestjs/common';
import mongoose, { type Connection } from 'mongoose';
import type { Config } from '../../../contract/config/schema.js';
import { loadConfig } from '../../../contract/config/load-config.js';
import { MongoUri } from '../../../src/mongo/mongo-uri.js';
import { MongoModule } from '../../../src/mongo/mongo.module.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { makeAuthority, makeServerCertificate } from '../../support/certificates.js';
import { startTlsMongod } from '../../support/servers/tls-mongod.js';
import { useInSuite } from '../../support/use-in-suite.js';
import '../../support/quiet-runtime.js';
import { removeFolder } from '../../support/remove-folder.js';

const secured = useInSuite(
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-mongod-'));
    const authority = await makeAuthority(folder, 'authority');
    const [server, client, unknown] = [
      await makeServerCertificate(folder, 'server', authority),
      await makeServerCertificate(folder, 'client', authority),
      await makeServerCertificate(folder, 'unknown', authority),
    ];
    const another = await makeAuthority(folder, 'another');
    const mongod = await startTlsMongod(folder, { authority, server, client });
    return { folder, authority, another, client, unknown, mongod };
  },
  async ({ mongod, folder }) => {
    await mongod.stop();
    await removeFolder(folder);
  },
);

const open: INestApplicationContext[] = [];
afterEach(async () => {
  for (const context of open.splice(0)) await context.close();
});

/** These settings, below Orchestrator.MongoDB, with options for the URI. */
function configOf(options: string, settings: Record<string, string>): Config {
  const flags = {
    'Orchestrator.MongoDB.URI': `${secured.mongod.uri.replace('/?', '/rollcall?')}${options}`,
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`Orchestrator.MongoDB.${name}`, value])),
  };
  return loadConfig({ flags });
}

/** The stores of a process with these settings. */
async function start(options: string, settings: Record<string, string>): Promise<INestApplicationContext> {
  const config = configOf(options, settings);
  const module = await Test.createTestingModule({
    imports: [MongoModule.forRoot(String(config.Orchestrator.MongoDB.URI), config)],
  }).compile();
  open.push(module);
  return module.init();
}

async function userOf(context: INestApplicationContext): Promise<string | undefined> {
  await context.get(DatabaseProbe).ready;
  const { db } = context.get<Connection>(getConnectionToken());
  const status = await db?.admin().command({ connectionStatus: 1 });
  return status?.['authInfo'].authenticatedUsers[0]?.user;
}

const X509 = '&authMechanism=MONGODB-X509';
const files = () => ({
  'TLS.CAFile': secured.authority.certFile,
  'TLS.CertFile': secured.client.certFile,
  'TLS.KeyFile': secured.client.keyFile,
});

test('certificates in files let processes in as their user', async () => {
  expect(await userOf(await start(X509, files()))).toBe('CN=client');
});

test('the URI alone does so too', async () => {
  const pair = join(secured.folder, 'client.pem');
  writeFileSync(pair, readFileSync(secured.client.certFile, 'utf8') + readFileSync(secured.client.keyFile, 'utf8'));
  const options = `&tls=true&tlsCAFile=${encodeURIComponent(secured.authority.certFile)}&tlsCertificateKeyFile=${encodeURIComponent(pair)}${X509}`;
  expect(await userOf(await start(options, {}))).toBe('CN=client');
});

test.each([
  [
    'a certificate of no user',
    () => ({ 'TLS.CertFile': secured.unknown.certFile, 'TLS.KeyFile': secured.unknown.keyFile }),
    /Could not find user/,
  ],
  [
    'a server of another authority',
    () => ({ 'TLS.CAFile': secured.another.certFile }),
    /self-signed|unable to (get|verify)/,
  ],
])('%s is refused', async (_what, wrong, why) => {
  const { URI, TLS } = configOf(X509, { ...files(), ...wrong() }).Orchestrator.MongoDB;
  const uri = new MongoUri(String(URI), TLS);
  const connection = mongoose.createConnection();
  await expect(connection.openUri(uri.value, uri.options)).rejects.toThrow(why);
  await connection.destroy();
});
