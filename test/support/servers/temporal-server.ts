import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { stringify } from 'yaml';
import { findBinary } from '../../../embedded/find-binary.js';
import { freePort } from '../../../embedded/free-port.js';
import { TEMPORAL_SERVER } from '../../../embedded/temporal-server-binary.js';
import type { Certificate } from '../certificates.js';
import { ServerProcess } from './server-process.js';

const LOOPBACK = '127.0.0.1';
/** Its services, in one process. The server's own workflows use `internal-frontend`, which demands no bearer token. */
const SERVICES = ['frontend', 'internal-frontend', 'history', 'matching', 'worker'] as const;

/** The real server in the version of `npm run cluster`, with its database in memory. */
export interface TemporalServer {
  address: string;
  stop(): Promise<void>;
}

export interface Security {
  /** The server's certificate, valid for 127.0.0.1 and `localhost`. */
  server: Certificate;
  /** The authority of accepted client certificates, and of the server's own. */
  authority: Certificate;
  /** An accepted client's certificate. */
  client: Certificate;
  /** Where the keys for bearer tokens are published. */
  bearerKeys: string;
}

/** Demands a certificate and a bearer token. */
export function startSecuredTemporal(security: Security): Promise<TemporalServer> {
  return start({ tls: tlsOf(security) }, security);
}

/** With a namespace `default`. */
export async function startTemporalServer(): Promise<TemporalServer> {
  const server = await start({});
  const connection = await Connection.connect({ address: server.address });
  try {
    await connection.workflowService.registerNamespace({
      namespace: 'default',
      workflowExecutionRetentionPeriod: msToTs('1d'),
    });
  } finally {
    await connection.close();
  }
  return server;
}

async function start(client: ConnectionOptions, security?: Security): Promise<TemporalServer> {
  const taken = new Set<number>();
  const ports: number[] = [];
  for (let count = 0; count < 2 * SERVICES.length; count += 1) ports.push(await freePort(LOOPBACK, [], taken));
  const args = (port: number, folder: string) => {
    const file = join(folder, 'temporal.yaml');
    writeFileSync(file, stringify(configOf(port, ports, security)));
    return ['--config-file', file, 'start', ...SERVICES.flatMap((name) => ['--service', name])];
  };
  const { server } = await ServerProcess.start(
    { name: 'the Temporal server', command: await findBinary(TEMPORAL_SERVER), args },
    async (address) => {
      const connection = await Connection.connect({ ...client, address });
      await connection.close();
    },
  );
  return { address: server.address, stop: () => server.stop() };
}

/** Connection options of an accepted client. */
export function tlsOf({
  authority,
  client,
}: Pick<Security, 'authority' | 'client'>): NonNullable<ConnectionOptions['tls']> {
  return {
    serverRootCACertificate: readFileSync(authority.certFile),
    clientCertPair: { crt: readFileSync(client.certFile), key: readFileSync(client.keyFile) },
  };
}

function tlsConfig({ server, authority, bearerKeys }: Security): object {
  return {
    tls: {
      frontend: {
        server: { ...server, requireClientAuth: true, clientCaFiles: [authority.certFile] },
        client: { serverName: 'localhost', rootCaFiles: [authority.certFile] },
      },
    },
    authorization: {
      authorizer: 'default',
      claimMapper: 'default',
      permissionsClaimName: 'permissions',
      jwtKeyProvider: { keySourceURIs: [bearerKeys], refreshInterval: '1s' },
    },
  };
}

function configOf(port: number, ports: number[], security: Security | undefined): object {
  const [, internal] = ports;
  const sqlite = {
    sql: {
      pluginName: 'sqlite',
      databaseName: 'default',
      connectAddr: 'localhost',
      connectProtocol: 'tcp',
      connectAttributes: { mode: 'memory', cache: 'private' },
      maxConns: 1,
      maxIdleConns: 1,
      maxConnLifetime: '1h',
    },
  };
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'sqlite',
      visibilityStore: 'sqlite',
      numHistoryShards: 1,
      datastores: { sqlite },
    },
    global: {
      membership: { maxJoinDuration: '30s', broadcastAddress: LOOPBACK },
      ...(security && tlsConfig(security)),
    },
    services: Object.fromEntries(
      SERVICES.map((name, index) => [
        name,
        {
          rpc: {
            grpcPort: name === 'frontend' ? port : ports[index],
            membershipPort: ports[SERVICES.length + index],
            bindOnIP: LOOPBACK,
          },
        },
      ]),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `${LOOPBACK}:${internal}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
  };
}
