import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { run } from '../../../cli/run.js';
import { fleetFault } from '../../../cli/arguments/simulation-parsers.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('a fault says what happens to how many nodes, when and for how long', () => {
  const all = ['miss:5%@1m+30s', 'die:1%', 'return:2.5%@10s+1m', 'skew:3%-5m'].reduce<ReturnType<typeof fleetFault>>(
    (earlier, text) => fleetFault(text, earlier),
    [],
  );
  expect(all).toEqual([
    { kind: 'miss', share: 0.05, atMs: 60_000, forMs: 30_000 },
    { kind: 'die', share: 0.01, atMs: 0, forMs: 0 },
    { kind: 'return', share: 0.025, atMs: 10_000, forMs: 60_000 },
    { kind: 'skew', share: 0.03, atMs: 0, forMs: -300_000 },
  ]);
});

test.each([
  [['--fault', 'explode:1%'], 'KIND is one of miss, die, return, clone, skew'],
  [['--fault', 'die:0%'], 'The share is above 0%'],
  [['--fault', 'die:60%', '--fault', 'clone:60%'], 'more than the whole fleet'],
  [['--fault', 'miss:1%@1m'], 'miss needs to be told for how long (+30s)'],
  [['--fault', 'die:1%@1m+30s'], 'die has no end'],
  [['--fault', 'miss:1%@1m-30s'], 'Only a clock'],
  [['--fault', 'die:1%@soon'], 'Write times as 30s'],
  [['--nodes', '0'], 'a whole number from 1 to 100000'],
  [['--join-rate', 'fast'], '"all" for all at once'],
  [['--name-prefix', 'Sim_'], 'it must be the name of a node'],
  [['--seed', '-1'], 'a whole number'],
])('rollcall sim %s is a usage error that shows the right form', async (words, sentence) => {
  const terminal = fakeTerminal();
  expect(await run(['sim', ...words], terminal, new AbortController().signal)).toBe(2);
  expect(terminal.err()).toContain(sentence);
});

test('a missing token file is a usage error', async () => {
  const terminal = fakeTerminal();
  expect(await run(['sim', '--join-token-file', '/nowhere/token'], terminal, new AbortController().signal)).toBe(2);
  expect(terminal.err()).toContain('the token file /nowhere/token cannot be read');
});

test.each(['nothing of the agent', 'its code without its packages'])(
  'an installation that has %s says where the simulator runs',
  async (has) => {
    const installation = await temporaryFolder();
    if (has !== 'nothing of the agent') {
      await mkdir(join(installation, 'dist', 'agent', 'sim'), { recursive: true });
      await writeFile(join(installation, 'dist', 'agent', 'sim', 'main.js'), "import 'a-package-of-the-agent';");
      await mkdir(join(installation, 'agent'));
      await writeFile(
        join(installation, 'agent', 'package.json'),
        JSON.stringify({ dependencies: { 'a-package-of-the-agent': '1.0.0' } }),
      );
    }
    const token = join(installation, 'token');
    await writeFile(token, 'rcj_token');
    const terminal = { ...fakeTerminal(), installation };
    expect(await run(['sim', '--join-token-file', token], terminal, new AbortController().signal)).toBe(1);
    expect(terminal.err()).toBe(
      'SIMULATOR_NOT_INSTALLED: the simulator is a part of the agent, which is not installed beside this command. ' +
        'Run rollcall sim in a clone in which npm start or npm run build has been run\n',
    );
  },
);
