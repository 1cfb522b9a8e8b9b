import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createJoinToken, createNode } from '../../../client/index.js';
import { AgentUnderTest } from '../api/agent-under-test.js';
import type { ApiUnderTest } from '../api/api-under-test.js';

const run = promisify(execFile);

/** The expected output of a client's scenario, for a cluster that {@link runScenario} prepared. */
export const expectedOf = (prefix: string) => ({
  made: [1, 2, 3].map((number) => `${prefix}-${number}`),
  isSameAnswer: true,
  sizes: [2, 1],
  ids: [1, 2, 3].map((number) => `${prefix}-${number}`),
  approval: 'APPROVED',
  isSameDecision: true,
  events: [`SlotCreated ${prefix}-1`, `SlotCreated ${prefix}-2`],
  missing: { name: 'RollcallProblem', code: 'NODE_NOT_FOUND', status: 404, field: null, isNamed: true },
  malformed: { name: 'RollcallProblem', code: 'VALIDATION_FAILED', status: 400, field: 'name', isNamed: true },
  away: 'RollcallUnreachable',
});

/**
 * Runs a program that does the same as test/support/client/scenario.mjs with another client.
 * @param prefix of the names of everything that it creates
 * @returns its output
 */
export async function runScenario(
  api: ApiUnderTest,
  prefix: string,
  { command, args, cwd, env = {} }: { command: string; args: string[]; cwd: string; env?: Record<string, string> },
): Promise<unknown> {
  const POSITION = await positionBefore(api, prefix);
  const { data } = await createJoinToken({ client: api.admin, body: { autoApprove: false } });
  await new AgentUnderTest(api).join(data?.token ?? '', `${prefix}-joined`);
  const { stdout } = await run(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], ...env, SERVER: api.url, TOKEN: api.adminToken, PREFIX: prefix, POSITION },
  });
  return JSON.parse(stdout);
}

/** Position of the event stream before the scenario, which is known once the stream has sent something. */
async function positionBefore(api: ApiUnderTest, prefix: string): Promise<string> {
  const response = await api.raw('/v1/events', { headers: { authorization: `Bearer ${api.adminToken}` } });
  let made = 0;
  const making = setInterval(
    () => void createNode({ client: api.admin, body: { name: `${prefix}-before-${made++}` } }),
    100,
  );
  let said = '';
  for await (const chunk of response.body ?? []) {
    said += new TextDecoder().decode(chunk);
    const [, position] = /id: ([0-9A-F]+)\n/.exec(said) ?? [];
    if (position === undefined) continue;
    clearInterval(making);
    return position;
  }
  throw new Error('the stream said nothing');
}
