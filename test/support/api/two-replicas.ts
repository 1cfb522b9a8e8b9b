import { sharedMongod } from '../servers/mongod.js';
import { freshDatabase, startApi, type ApiUnderTest } from './api-under-test.js';
import { silentLifecycle } from './silent-lifecycle.js';

export interface TwoReplicas {
  api: ApiUnderTest;
  otherReplica: ApiUnderTest;
  /** Ends both, and their mongod. */
  close(): Promise<void>;
}

/** Two replicas of the api over one record, which Temporal does not answer. @param settings of both */
export async function startTwoReplicas(settings: Record<string, string> = {}): Promise<TwoReplicas> {
  const mongod = await sharedMongod();
  const started: ApiUnderTest[] = [];
  const close = async () => {
    for (const api of started) await api.close();
    await mongod.stop();
  };
  try {
    const common = { mongoUri: freshDatabase(mongod.uri), temporal: () => silentLifecycle };
    const api = await startApi({ ...common, settings });
    started.push(api);
    const otherReplica = await startApi({
      ...common,
      settings: { ...settings, 'Orchestrator.Name': 'node-00' },
      tokens: { admin: api.adminToken, join: api.joinToken },
    });
    started.push(otherReplica);
    return { api, otherReplica, close };
  } catch (error) {
    await close();
    throw error;
  }
}
