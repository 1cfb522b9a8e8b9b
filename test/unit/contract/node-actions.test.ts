import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import type { Node } from '../../../client/index.js';
import { createProgram } from '../../../cli/program.js';
import { AUDITED_EVENTS } from '../../../contract/audit.js';
import { decisionRequest } from '../../../contract/decision-request.js';
import { ADMIN_ACTIONS, nodeAction } from '../../../contract/node-actions.js';
import { DECISION_SCHEMAS } from '../../../contract/schemas/node-decisions.js';
import { consequenceOf } from '../../../web/src/dialogs/consequence-of.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

interface Operation {
  operationId: string;
  'x-rollcall-access': string;
}
const { paths } = JSON.parse(await readFile(new URL('../../../openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const commands = createProgram(fakeTerminal(), () => async () => {}).commands.find(
  (command) => command.name() === 'node',
)?.commands;

describe.each(ADMIN_ACTIONS)('the decision %s', (action) => {
  const { cli, http, role, event, from, body } = nodeAction(action);

  test('has a route, for its role', () => {
    const path = http.method === 'delete' ? '/v1/nodes/{id}' : `/v1/nodes/{id}/${action}`;
    expect(paths[path]?.[http.method]).toMatchObject({ operationId: `${action}Node`, 'x-rollcall-access': role });
  });

  test('has a command with its parameters', () => {
    const command = commands?.find((known) => known.name() === cli.verb);
    expect(command?.description()).toBe(cli.says);
  });

  test('is recorded by an event that the audit keeps', () => {
    expect(AUDITED_EVENTS.filter((audited) => audited === event)).toHaveLength(1);
  });

  test("has a dialog for its route's parameters", () => {
    const words = { reason: 'a', deadline: '5m', onDeadline: 'terminate', force: true } as const;
    const { query = {}, body: said } = decisionRequest(action, words);
    const { query: querySchema, body: bodySchema } = DECISION_SCHEMAS[body];
    expect(querySchema.parse(query)).toEqual(query);
    expect(bodySchema?.parse(said)).toEqual(said);
  });

  test.each(from.flatMap((phase) => [0, 1, 2].map((activeSessions) => ({ phase, activeSessions }))))(
    'describes the consequence for a node that is $phase with $activeSessions sessions',
    (node) => {
      const text = consequenceOf(action, node as Node);
      expect(text).toMatch(/^[A-Z].*\.$/);
      expect(text).not.toMatch(/[<>]/);
    },
  );
});
