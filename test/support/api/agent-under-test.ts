import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import type { Client } from '../../../client/client/index.js';
import {
  getCommands,
  issueAccessToken,
  registerAgent,
  reportSessions,
  sendHeartbeat,
  type EndedSessionReport,
  type HeartbeatRequest,
  type LiveSessionReport,
  type NodeInfo,
  type Resources,
} from '../../../client/index.js';
import { ASSERTION_AUDIENCE } from '../../../contract/schemas/agents.js';
import type { ApiUnderTest } from './api-under-test.js';

export const INFO: NodeInfo = {
  agentVersion: '0.1.0',
  hostname: 'host-1',
  os: { platform: 'linux', distribution: 'Debian', release: '12', kernel: '6.1.0', architecture: 'x64' },
  cpu: { model: 'Test', vendor: 'Test', physicalCores: 2, logicalCores: 4, usableCores: 4 },
  memory: { totalBytes: 8e9, usableBytes: 8e9 },
  disks: [],
  gpus: [],
};

export const RESOURCES: Resources = {
  cpu: { cores: 4, utilization: 0.25 },
  memory: { totalBytes: 8e9, usedBytes: 2e9, availableBytes: 6e9 },
  disk: { totalBytes: 1e11, usedBytes: 1e10, availableBytes: 9e10 },
  gpus: [],
  connections: 3,
};

type BeatChanges = Partial<Pick<HeartbeatRequest, 'seq' | 'intervalMs' | 'resources' | 'conditions'>>;

/** An agent's requests over HTTP, one at a time, with a key of its own. */
export class AgentUnderTest {
  readonly keys = generateKeyPairSync('ed25519');
  readonly publicKey = publicJwk(this.keys.publicKey.export({ format: 'jwk' }).x ?? '');
  bootId: string = randomUUID();
  seq = 0;
  reports = 0;
  uid = '';
  client: Client;

  constructor(private readonly api: Pick<ApiUnderTest, 'as'>) {
    this.client = api.as();
  }

  register(token: string, more: { name?: string; labels?: Record<string, string> } = {}) {
    return registerAgent({
      client: this.api.as(),
      body: { token, publicKey: this.publicKey, info: INFO, bootId: this.bootId, ...more },
    });
  }

  /** Registers, and gets an access token. */
  async join(token: string, name?: string): Promise<this> {
    const { data, error } = await this.register(token, name === undefined ? {} : { name });
    if (!data) throw new Error(`could not join: ${JSON.stringify(error)}`);
    this.uid = data.uid;
    await this.authenticate();
    return this;
  }

  async authenticate(): Promise<string> {
    const { data, error } = await this.trade(await this.assertion());
    if (!data) throw new Error(`no access token: ${JSON.stringify(error)}`);
    this.client = this.api.as(data.accessToken);
    return data.accessToken;
  }

  trade(assertion: string) {
    return issueAccessToken({ client: this.api.as(), body: { assertion } });
  }

  assertion(claims: { sub?: string; aud?: string; jti?: string; iat?: number; exp?: number } = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const payload = { sub: this.uid, aud: ASSERTION_AUDIENCE, jti: randomUUID(), iat: now, exp: now + 60, ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA' }).sign(this.keys.privateKey);
  }

  /** A heartbeat; retried when the api asks for it, as by a real agent. */
  async beat(more: BeatChanges = {}) {
    for (;;) {
      const answer = await this.beatOnce(more);
      if (answer.response?.status !== 429) return answer;
      await sleep(1_000 * Number(answer.response.headers.get('retry-after')));
    }
  }

  /** A report of all sessions; retried when the api asks for it or the workflow does not answer, as by a real agent. */
  async report(live: LiveSessionReport[], ended: EndedSessionReport[] = []) {
    for (;;) {
      const answer = await this.reportOnce(live, ended);
      if (answer.response?.status !== 429 && answer.response?.status !== 503) return answer;
      await sleep(1_000 * Number(answer.response.headers.get('retry-after')));
    }
  }

  reportOnce(live: LiveSessionReport[], ended: EndedSessionReport[] = [], seq = (this.reports += 1)) {
    return reportSessions({ client: this.client, body: { bootId: this.bootId, seq, live, ended } });
  }

  commands(wait = '0s') {
    return getCommands({ client: this.client, query: { wait } });
  }

  beatOnce(more: BeatChanges = {}) {
    this.seq += 1;
    return sendHeartbeat({
      client: this.client,
      body: { bootId: this.bootId, seq: this.seq, resources: RESOURCES, ...more },
    });
  }
}

/** A session of another engine on a node. */
export function runningSession(id: string, changes: Partial<LiveSessionReport> = {}): LiveSessionReport {
  return {
    id,
    kind: 'external',
    principal: 'ana',
    statement: 'select 1',
    state: 'RUNNING',
    startedAt: new Date().toISOString(),
    ...changes,
  };
}

function publicJwk(x: string) {
  return { kty: 'OKP' as const, crv: 'Ed25519' as const, x };
}
