import { dirname } from 'node:path';
import { findBinary } from '../find-binary.js';
import { MONGOD } from '../mongod-binary.js';
import { MONGOSH } from '../mongosh-binary.js';
import type { Progress } from '../progress.js';
import { TEMPORAL } from '../temporal-binary.js';
import { sqlToolOf, TEMPORAL_SERVER } from '../temporal-server-binary.js';
import { findDebianPrograms, type DebianPrograms } from './debian-programs.js';

/** Every program that the cluster is made of, besides our own, by its path. */
export interface ClusterPrograms extends DebianPrograms {
  mongod: string;
  temporalServer: string;
  /** PATH of the scripts in docker/: it has `mongosh`, `temporal` and `temporal-sql-tool`. */
  scriptsPath: string;
}

/**
 * Finds, where need be fetches or builds, what the cluster is made of.
 * @throws StartupError, ServerNotFound
 */
export async function findClusterPrograms(progress: Progress, signal: AbortSignal): Promise<ClusterPrograms> {
  // First what cannot be fetched: nobody should hear of it after minutes of building.
  const debian = await findDebianPrograms();
  const find = (server: typeof MONGOD) => findBinary(server, { progress, signal });
  const [mongod, mongosh] = [await find(MONGOD), await find(MONGOSH)];
  const [temporal, temporalServer] = [await find(TEMPORAL), await find(TEMPORAL_SERVER)];
  const folders = [mongosh, temporal, sqlToolOf(temporalServer)].map((path) => dirname(path));
  return { ...debian, mongod, temporalServer, scriptsPath: [...folders, process.env['PATH'] ?? ''].join(':') };
}
