import { dirname } from 'node:path';
import { findBinary } from '../find-binary.js';
import { MONGOD } from '../mongod-binary.js';
import { MONGOSH } from '../mongosh-binary.js';
import type { Progress } from '../progress.js';
import { TEMPORAL } from '../temporal-binary.js';
import { sqlToolOf, TEMPORAL_SERVER } from '../temporal-server-binary.js';
import { findDebianPrograms, type DebianPrograms } from './debian-programs.js';

/** Paths of all programs of the cluster except Rollcall's own. */
export interface ClusterPrograms extends DebianPrograms {
  mongod: string;
  temporalServer: string;
  /** PATH for the scripts in docker/, with `mongosh`, `temporal` and `temporal-sql-tool`. */
  scriptsPath: string;
}

/**
 * Finds the programs of the cluster, and downloads or builds those that are missing.
 * @throws StartupError, ServerNotFound
 */
export async function findClusterPrograms(progress: Progress, signal: AbortSignal): Promise<ClusterPrograms> {
  // First what cannot be downloaded, so that nobody waits minutes for a build and then hears that something is missing.
  const debian = await findDebianPrograms();
  const find = (server: typeof MONGOD) => findBinary(server, { progress, signal });
  const [mongod, mongosh] = [await find(MONGOD), await find(MONGOSH)];
  const [temporal, temporalServer] = [await find(TEMPORAL), await find(TEMPORAL_SERVER)];
  const folders = [mongosh, temporal, sqlToolOf(temporalServer)].map((path) => dirname(path));
  return { ...debian, mongod, temporalServer, scriptsPath: [...folders, process.env['PATH'] ?? ''].join(':') };
}
