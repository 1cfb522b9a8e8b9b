import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readinessSchema } from '../../../contract/schemas/health.js';
import { ApiProcess } from '../../support/api/api-process.js';
import { makeAuthority, makeServerCertificate } from '../../support/certificates.js';
import { eventually } from '../../support/eventually.js';
import { DnsServer } from '../../support/servers/dns-server.js';
import { startTlsMongod } from '../../support/servers/tls-mongod.js';
import { useInSuite } from '../../support/use-in-suite.js';
import { removeFolder } from '../../support/remove-folder.js';

// Like a managed service: the URI names a zone, whose SRV record has the members and whose TXT record has the set. Names are resolved by the
// system's resolver, which is replaced for the processes of this test alone.

/** An address at which nothing else of this machine listens, a new one for each run. */
const DNS = `127.${53 + (process.pid % 150)}.${(process.pid >> 8) % 250}.53`;
const [ZONE, MEMBER] = ['cluster.rollcall.test', 'db-1.rollcall.test'];

/** Runs the command with $0 as /etc/resolv.conf. */
const ELSEWHERE = 'mount --bind "$0" /etc/resolv.conf; exec "$@"';
const namespace = (resolver: string) => ['--mount', '--propagation', 'private', 'sh', '-ec', ELSEWHERE, resolver];
const mayMount = spawnSync('unshare', [...namespace('/etc/resolv.conf'), 'true']).status === 0;
const title = mayMount ? test : test.skip;

const api: ApiProcess[] = [];
afterAll(async () => {
  for (const { child } of api) child.kill('SIGKILL');
  await Promise.all(api.map(({ exit }) => exit));
});

const folder = mkdtempSync(join(tmpdir(), 'rollcall-srv-'));
afterAll(() => removeFolder(folder));
const resolver = join(folder, 'resolv.conf');
writeFileSync(resolver, `nameserver ${DNS}\noptions attempts:1 timeout:2\n`);

const there = useInSuite(
  async () => {
    const dns = await DnsServer.start(DNS);
    // mongod recognizes itself among the members by their names.
    dns.knows({ type: 'A', name: MEMBER, data: '127.0.0.1' });
    const authority = await makeAuthority(folder, 'authority');
    const server = await makeServerCertificate(folder, 'server', authority, [MEMBER]);
    const client = await makeServerCertificate(folder, 'client', authority);
    const mongod = await startTlsMongod(
      folder,
      { authority, server, client },
      { host: MEMBER, within: ['unshare', ...namespace(resolver)] },
    );
    return { dns, authority, client, mongod };
  },
  async ({ dns, mongod }) => {
    await mongod.stop();
    await dns.stop();
  },
);

title(
  'a cluster is found by mongodb+srv, over TLS, and waited for while its name is not there yet',
  async () => {
    const { dns, authority, client, mongod } = there;
    const started = new ApiProcess(
      {
        'Orchestrator.MongoDB.URI': `mongodb+srv://${ZONE}/rollcall?authMechanism=MONGODB-X509`,
        'Orchestrator.MongoDB.TLS.CAFile': authority.certFile,
        'Orchestrator.MongoDB.TLS.CertFile': client.certFile,
        'Orchestrator.MongoDB.TLS.KeyFile': client.keyFile,
        'Orchestrator.Temporal.Address': '127.0.0.1:1',
        'Orchestrator.API.Port': '0',
        'Orchestrator.Name': 'node-0',
      },
      {},
      undefined,
      ['unshare', ...namespace(resolver)],
    );
    api.push(started);
    const url = await started.url();
    const mongodb = async () => readinessSchema.parse(await (await fetch(`${url}/readyz`)).json()).mongodb;
    await eventually(
      () => expect(started.log).toMatch(/"msg":"MongoDB does not answer; trying again".*querySrv ENOTFOUND/),
      60_000,
    );
    expect(await mongodb()).toEqual({
      ok: false,
      since: expect.any(String),
      detail: `MongoDB at mongodb+srv://${ZONE}/rollcall?authMechanism=MONGODB-X509 has not answered yet`,
    });

    const { port } = mongod;
    dns.knows(
      { type: 'SRV', name: `_mongodb._tcp.${ZONE}`, data: { priority: 0, weight: 0, port, target: MEMBER } },
      { type: 'TXT', name: ZONE, data: `replicaSet=${mongod.replicaSet}` },
      { type: 'A', name: MEMBER, data: '127.0.0.1' },
    );
    await eventually(async () => expect(await mongodb()).toEqual({ ok: true, detail: 'answers' }), 60_000);
    expect(dns.asked).toEqual(expect.arrayContaining([`SRV _mongodb._tcp.${ZONE}`, `TXT ${ZONE}`, `A ${MEMBER}`]));
    expect(started.log).toContain(`"address":"mongodb+srv://${ZONE}/rollcall?authMechanism=MONGODB-X509"`);
  },
  180_000,
);
