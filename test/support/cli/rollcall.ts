import { afterEach } from '@jest/globals';
import { run } from '../../../cli/run.js';
import { expectGolden } from '../golden.js';
import { NOW } from './example-nodes.js';
import { startFakeApi, type Answer, type Asked, type FakeApi } from './fake-api.js';
import { fakeTerminal, type FakeTerminalOptions } from './fake-terminal.js';

const apis: FakeApi[] = [];
afterEach(async () => {
  for (const api of apis.splice(0)) await api.stop();
});

interface CommandOptions extends FakeTerminalOptions {
  /** Ctrl-C. */
  interruption?: AbortController;
}

/** Runs a command against an api that answers as `answer` says. */
export async function rollcall(
  line: string | string[],
  answer: (asked: Asked) => Answer | Promise<Answer>,
  { interruption = new AbortController(), ...options }: CommandOptions = {},
) {
  const api = await startFakeApi(answer);
  apis.push(api);
  const env = { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: 'rca_x', ...options.env };
  const terminal = fakeTerminal({ now: NOW, ...options, env });
  const code = await run(typeof line === 'string' ? line.split(' ') : line, terminal, interruption.signal);
  return { code, out: terminal.out(), err: terminal.err(), asked: api.asked };
}

export const page = (items: unknown[], nextCursor: string | null = null): Answer => ({ body: { items, nextCursor } });

export const expectCliGolden = (name: string, text: string) =>
  expectGolden(new URL(`../../golden/cli/${name}.txt`, import.meta.url), text);
