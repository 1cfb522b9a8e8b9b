import { beforeAll, expect, test } from '@jest/globals';
import { createCompletable } from '../../../cli/program.js';
import { run } from '../../../cli/run.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';
import { exampleNode } from '../../support/cli/example-nodes.js';
import { startFakeApi } from '../../support/cli/fake-api.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

const api = useApi();
beforeAll(async () => {
  await new AgentUnderTest(api).join(api.joinToken, 'node-1');
});

async function rollcall(words: string, server = api.url) {
  const screen = { columns: 120, rows: 40 };
  const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: server, ROLLCALL_TOKEN: api.adminToken }, screen });
  const code = await run(words.split(' '), terminal, AbortSignal.timeout(60_000));
  return { code, out: terminal.out(), err: terminal.err() };
}
const DRY = 'This was a dry run: nothing was changed.\n';

test('a possible decision is reported without asking for confirmation, and is not made', async () => {
  expect(await rollcall('node delete node-1 --dry-run')).toEqual({ code: 0, out: 'Ok\n', err: DRY });
  expect(await rollcall('node label node-1 pool=a --dry-run')).toEqual({ code: 0, out: 'Ok\n', err: DRY });
  const { out } = await rollcall('node describe node-1 -o json');
  expect(JSON.parse(out)).toMatchObject({ phase: 'WAITING', labels: {}, decision: { seq: 1 } });
});

test('an impossible one fails like the real one', async () => {
  expect(await rollcall('node approve node-1 --dry-run')).toMatchObject({
    code: 6,
    err: expect.stringMatching(/^NODE_ALREADY_APPROVED: /),
  });
  expect((await rollcall('node deactivate node-1 --dry-run --wait')).code).toBe(2);
});

test('a drain reports its number of nodes, and none starts', async () => {
  await rollcall('node label node-1 pool=drained');
  expect(await rollcall('node deactivate -l pool=drained --dry-run')).toEqual({
    code: 0,
    out: 'Ok\n',
    err: `A drain of 1 node would begin, at most 1 at once.\n${DRY}`,
  });
  expect((await rollcall('drain list -o name')).out).toBe('');
  expect((await rollcall('node deactivate -l pool=none --dry-run')).code).not.toBe(0);
});

test('no unusable token is printed', async () => {
  for (const words of ['node register slot', 'join-token create', 'api-token create ada --role viewer'])
    expect(await rollcall(`${words} --dry-run`)).toEqual({ code: 0, out: 'Ok\n', err: DRY });
  expect((await rollcall('api-token list -o name')).out.trim().split('\n')).toHaveLength(1);
});

test('an api without dry runs has executed it, which is reported', async () => {
  const former = await startFakeApi(() => ({ body: exampleNode('node-1') }));
  try {
    expect(await rollcall('node edit node-1 --description shelf --dry-run', former.url)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^NO_DRY_RUN: .* has no dry runs: what was asked for is done/),
    });
  } finally {
    await former.stop();
  }
});

test('every command with a reason or a confirmation has one', () => {
  const grammar = createCompletable(fakeTerminal(), () => async () => {});
  const without: string[] = [];
  const look = ({ commands }: typeof grammar, path: string) => {
    for (const command of commands) {
      const options = command.options.map(({ long }) => long);
      const changes = ['--yes', '--reason', '--message'].some((option) => options.includes(option));
      if (changes && !options.includes('--dry-run')) without.push(`${path}${command.name()}`);
      look(command, `${path}${command.name()} `);
    }
  };
  look(grammar, '');
  expect(without).toEqual([]);
});
