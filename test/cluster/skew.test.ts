import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createClient } from '../../client/client/index.js';
import { getNode, listNodeEvents } from '../../client/index.js';
import { mintToken } from '../../src/auth/secret-token.js';
import { AgentProcess } from '../support/agent/agent-process.js';
import { freshDatabase } from '../support/api/api-under-test.js';
import { ApiProcess } from '../support/api/api-process.js';
import { eventually } from '../support/eventually.js';
import { formerBuild, hasCommit } from '../support/former-build.js';
import { useMongod } from '../support/servers/mongod.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Agents and apis of two versions: real programs, built from git (docs/adr/0031). Without Temporal, which agents do not need. */

/** There is no release yet, and every build is 0.1.0: the last commit whose api refused unknown fields. Move it to the tag of a release. */
const FORMER = 'dea4612';

const mongod = useMongod();
const running: { child: { kill(signal: 'SIGKILL'): boolean }; over: Promise<unknown> }[] = [];
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map(({ over }) => over));
});

async function startApi(program?: string) {
  const folder = await temporaryFolder();
  const [admin, join_] = [mintToken('rca').text, mintToken('rcj').text];
  writeFileSync(join(folder, 'admin'), admin);
  writeFileSync(join(folder, 'join'), join_);
  const settings = {
    'Orchestrator.MongoDB.URI': freshDatabase(mongod.uri),
    'Orchestrator.Temporal.Address': '127.0.0.1:1',
    'Orchestrator.Name': 'node-0',
    'Orchestrator.API.Port': '0',
    'Orchestrator.Auth.AdminTokenFile': join(folder, 'admin'),
    'Orchestrator.Auth.JoinTokenFile': join(folder, 'join'),
    'Compute.Heartbeat.Interval': '1s',
  };
  const api = program === undefined ? new ApiProcess(settings) : new ApiProcess(settings, {}, program);
  running.push({ child: api.child, over: api.exit });
  const url = await api.url();
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
  return { url, client: createClient({ baseUrl: url, auth: admin }), joinToken: join_ };
}

async function startAgent(url: string, token: string, program?: string): Promise<AgentProcess> {
  const env = {
    COMPUTE__NAME: 'worker-1',
    COMPUTE__ORCHESTRATORS: url,
    COMPUTE__STATEDIR: await temporaryFolder(),
    COMPUTE__AUTH__TOKEN: token,
    COMPUTE__HEARTBEAT__INTERVAL: '1s',
    COMPUTE__HEARTBEAT__INFOUPDATEINTERVAL: '1s',
  };
  const agent = program === undefined ? new AgentProcess([], env) : new AgentProcess([], env, program);
  running.push({ child: agent.child, over: agent.exited });
  return agent;
}

/** All requests of an agent except about sessions (join, heartbeat, information, goodbye), without a refusal. */
async function getOnTogether(of: { agent?: string; api?: string }): Promise<void> {
  const { url, client, joinToken } = await startApi(of.api);
  const agent = await startAgent(url, joinToken, of.agent);
  const node = async () => (await getNode({ client, path: { id: 'worker-1' } })).data;
  const beat = async () => Date.parse((await node())?.lastHeartbeat ?? '') || 0;
  for (let beats = 0; beats < 3; beats += 1) {
    const before = await beat();
    await eventually(async () => expect(await beat()).toBeGreaterThan(before));
  }
  expect(await node()).toMatchObject({
    approval: { value: 'APPROVED' },
    info: { agentVersion: '0.1.0', sessionEngine: 'duckdb' },
  });
  agent.child.kill('SIGTERM');
  expect(await agent.exited).toBe(0);
  const { data: events } = await listNodeEvents({ client, path: { id: 'worker-1' } });
  expect(JSON.stringify(events?.items)).toContain('SIGTERM');
  expect(agent.messages.filter((message) => /refuses|cannot|not get through|is no Rollcall api/.test(message))).toEqual(
    [],
  );
}

const isHere = hasCommit(FORMER);
(isHere ? describe : describe.skip)(
  isHere
    ? `with the programs of ${FORMER}`
    : `skipped: this clone has no commit ${FORMER} (a shallow one: git fetch --unshallow)`,
  () => {
    test('the former agent works with the present api, and the present agent with the former api', async () => {
      const dist = formerBuild(FORMER, await temporaryFolder());
      await getOnTogether({ agent: join(dist, 'agent', 'main.js') });
      await getOnTogether({ api: join(dist, 'src', 'api.main.js') });
    });
  },
);
