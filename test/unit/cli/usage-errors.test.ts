import { expect, test } from '@jest/globals';
import { run } from '../../../cli/run.js';
import { expectGolden } from '../../support/golden.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

const MISTAKES = [
  'nodes list',
  'node lst',
  'node list extra',
  'node list --wach',
  'node list -o xml',
  'node list --phase SLEEPING',
  'node list --filter-labels pool=a,,',
  'node describe',
  'node describe Node_1',
  'node describe ..',
  'node describe node-1 node-2',
  'node reject node-1 -m',
  'node deactivate node-1 --deadline 5',
  'node deactivate node-1 --on-deadline explode',
  'node delete node-1 --timeout soon',
  'node register node-1 --label pool',
  'node events node-1 --limit 0',
  'node deactivate -l pool=a --max-unavailable 0',
  'session open',
  'session open select-1',
  'session open -p ana --memory lots select-1',
  'session open -p ana --cpu -1 select-1',
  'session describe s/1',
  'session terminate',
  'session list --state ASLEEP',
  'drain describe A-1',
  'node token regenrate node-1',
  'completion tcsh',
  'support-bundle --worker 10.0.0.7',
  'node list --server not-a-url --token-file /dev/null',
];

test('an invalid command line gets one sentence, a reference to the help, and exit code 2', async () => {
  let transcript = '';
  for (const mistake of MISTAKES) {
    const terminal = fakeTerminal();
    const code = await run(mistake.split(' '), terminal, new AbortController().signal);
    expect([mistake, code, terminal.out()]).toEqual([mistake, 2, '']);
    transcript += `$ rollcall ${mistake}\n${terminal.err()}\n`;
  }
  await expectGolden(new URL('../../golden/cli/usage-errors.txt', import.meta.url), transcript);
});

test.each([[[]], [['node']], [['auth']], [['session']], [['drain']], [['node', 'token']]])(
  'without a command there is help on stderr, and exit code 2: %j',
  async (words: string[]) => {
    const terminal = fakeTerminal();
    expect(await run(words, terminal, new AbortController().signal)).toBe(2);
    expect(terminal.out()).toBe('');
    expect(terminal.err()).toMatch(/^Usage: rollcall/);
  },
);
