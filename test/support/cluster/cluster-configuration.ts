import { freePort } from '../../../embedded/free-port.js';
import type { Home } from '../../../embedded/home.js';
import { mongodUri } from '../../../embedded/run-mongod.js';

export const LOOPBACK = '127.0.0.1';

/** Short enough to wait for in a test, each several times the previous one. In milliseconds. */
export const HEARTBEAT_INTERVAL_MS = 500;
export const DISCONNECT_TIMEOUT_MS = 3_000;
export const UNKNOWN_TIMEOUT_MS = 3_000;

/** For tests that place sessions: on a busy machine a node sometimes misses a beat of so short an interval, and would get none. */
export const PATIENT_WITH_NODES = { DisconnectTimeout: '30s', UnknownTimeout: '30s', MissedHeartbeatsWarning: '40' };

/** Ports of a cluster's processes. */
export interface ClusterPorts {
  mongod: number;
  temporal: number;
  webUI: number;
  api: number;
  /** Of the worker's probes and metrics. */
  workerDoor: number;
}

export async function freeClusterPorts(): Promise<ClusterPorts> {
  const taken = new Set<number>();
  const port = () => freePort(LOOPBACK, [], taken);
  return {
    mongod: await port(),
    temporal: await port(),
    webUI: await port(),
    api: await port(),
    workerDoor: await port(),
  };
}

/** Configuration of the api, the worker and the agents of a cluster. */
export function clusterConfiguration(
  home: Home,
  ports: ClusterPorts,
  joinTokenFile: string,
  nodeManager: Record<string, unknown>,
) {
  return {
    Compute: { Heartbeat: { Interval: `${HEARTBEAT_INTERVAL_MS}ms` } },
    WebUI: { PollInterval: '1s' },
    Orchestrator: {
      Name: 'node-0',
      NodeManager: {
        DisconnectTimeout: `${DISCONNECT_TIMEOUT_MS}ms`,
        UnknownTimeout: `${UNKNOWN_TIMEOUT_MS}ms`,
        ...nodeManager,
      },
      API: { Port: ports.api },
      Worker: { MetricsAddress: `${LOOPBACK}:${ports.workerDoor}` },
      MongoDB: { URI: mongodUri(ports.mongod) },
      Temporal: { Address: `${LOOPBACK}:${ports.temporal}`, WebUI: `http://${LOOPBACK}:${ports.webUI}` },
      Auth: { AdminTokenFile: home.adminTokenFile, JoinTokenFile: joinTokenFile },
    },
  };
}
