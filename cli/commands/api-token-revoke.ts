import { revokeApiToken } from '../../client/sdk.gen.js';
import { firstArgumentOf, type Call } from '../connection/call.js';

/** `rollcall api-token revoke`: its logins in browsers end with it. */
export async function run(call: Call<object>): Promise<void> {
  const connection = await call.connect();
  await connection.ask(revokeApiToken({ client: connection.client, path: { id: firstArgumentOf(call) } }));
  call.terminal.stdout.write('Ok\n');
}
