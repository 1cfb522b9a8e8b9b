import { logOut } from '../../client/sdk.gen.js';
import { endsByLoggingOut } from '../connection/access.js';
import type { Call } from '../connection/call.js';
import { Connection } from '../connection/connection.js';
import {
  chosenContext,
  contextPath,
  namedContext,
  readContexts,
  writeContexts,
  type Context,
} from '../connection/context-file.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';

/** `rollcall auth logout`: forgets a context's server and token. A login is ended; an api token stays valid for its other users. */
export async function run(call: Call<unknown>): Promise<void> {
  const { options, terminal } = call;
  const path = contextPath(options, terminal);
  const contexts = await readContexts(path, terminal);
  const chosen = chosenContext(contexts, namedContext(options, terminal));
  if (!contexts || !chosen?.context) {
    const why = contexts ? `it has no context ${chosen?.name ?? 'that is chosen'}` : 'it does not exist';
    terminal.stderr.write(`There was nobody logged in by ${path}: ${why}.\n`);
    return;
  }
  const isLogin = endsByLoggingOut(chosen.context.token);
  const failure = isLogin ? await end(chosen.context, call) : undefined;
  const byName = new Map(contexts.byName);
  byName.delete(chosen.name);
  await writeContexts(path, { current: contexts.current === chosen.name ? null : contexts.current, byName });
  const removed = `Removed context ${chosen.name} from ${path}.`;
  terminal.stderr.write(
    isLogin
      ? `${removed}${failure === undefined ? ' The login has ended.' : ''}\n`
      : `${removed} The token itself works until it expires or an admin revokes it.\n`,
  );
  if (failure !== undefined) throw failure;
}

/** @returns why it could not be ended; a login that the api no longer knows has ended */
async function end({ server, token, caFile }: Context, call: Call<unknown>): Promise<CliFailure | undefined> {
  try {
    const access = { server, token, caFile, source: 'the context' };
    const connection = await Connection.open(access, call.terminal, call.interruption);
    await connection.ask(logOut({ client: connection.client }));
    return undefined;
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    if (error.exitCode === EXIT_CODE.authentication) return undefined;
    return new CliFailure(
      error.exitCode,
      'LOGIN_NOT_ENDED',
      `the login was forgotten here, and not ended: ${error.detail}`,
      'It ends by itself within 12 hours, or at once when whoever runs the identity provider disables its person',
      { cause: error },
    );
  }
}
