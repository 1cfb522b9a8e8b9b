import { setTimeout as sleep } from 'node:timers/promises';
import { beginDeviceLogin, pollDeviceLogin } from '../../client/sdk.gen.js';
import type { DeviceLogin, Login } from '../../client/types.gen.js';
import type { Call } from '../connection/call.js';
import type { Connection } from '../connection/connection.js';
import { formatRoundSpan } from '../output/age.js';
import { CliFailure, EXIT_CODE, mayPass } from '../process/cli-failure.js';

/** Bounds on the times that a server asks for, in milliseconds. */
const MOST_WAIT_MS = 30 * 60_000;
const LEAST_PAUSE_MS = 1_000;
const MOST_PAUSE_MS = 5 * 60_000;

/** The credential that the person gets, and their identity. */
export interface SignedIn {
  token: string;
  login: Login;
}

/**
 * Has the person sign in at the identity provider, in any browser, and waits for it.
 * @throws CliFailure if they do not in time, or are refused; and on Ctrl-C
 */
export async function signInByDevice(
  connection: Connection,
  { terminal, interruption }: Pick<Call<unknown>, 'terminal' | 'interruption'>,
): Promise<SignedIn> {
  const begun = await connection.ask(beginDeviceLogin({ client: connection.client }));
  const leftMs = bounded(Date.parse(begun.expiresAt) - connection.now(), 0, MOST_WAIT_MS);
  const endsAt = performance.now() + leftMs;
  terminal.stderr.write(instructions(begun, connection.server, leftMs));
  let pauseMs = pauseOf(begun.pollAfterS);
  let told = '';
  for (;;) {
    await sleep(pauseMs, undefined, { signal: interruption }).catch(() => {
      throw new CliFailure(EXIT_CODE.interrupted, 'INTERRUPTED', 'nobody was logged in');
    });
    if (performance.now() >= endsAt) throw notInTime();
    try {
      const { token, login, pollAfterS } = await connection.ask(
        pollDeviceLogin({ client: connection.client, body: { handle: begun.handle } }),
      );
      if (token !== null && login !== null) return { token, login };
      pauseMs = pauseOf(pollAfterS);
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (error.detail !== told) terminal.stderr.write(`${error.code}: ${error.detail} (trying on)\n`);
      told = error.detail;
    }
  }
}

function instructions(
  { userCode, verificationUri, verificationUriComplete }: DeviceLogin,
  server: string,
  leftMs: number,
): string {
  const todo =
    verificationUriComplete === null
      ? `open this address in a browser and enter the code ${userCode}`
      : `open this address in a browser and make sure that it shows the code ${userCode}`;
  return `To log in to ${server}, ${todo}:\n\n  ${verificationUriComplete ?? verificationUri}\n\nWaiting for up to ${formatRoundSpan(leftMs)} …\n`;
}

function pauseOf(seconds: number | null): number {
  return bounded((seconds ?? 0) * 1_000, LEAST_PAUSE_MS, MOST_PAUSE_MS);
}

/** The minimum if it is not a number. */
function bounded(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(value, least), most) : least;
}

function notInTime(): CliFailure {
  return new CliFailure(
    EXIT_CODE.timeout,
    'TIMEOUT',
    'nobody signed in before the code ended',
    'Begin again: rollcall auth login',
  );
}
