import { revokeJoinToken } from '../../client/sdk.gen.js';
import { firstArgumentOf, type Call } from '../connection/call.js';

/** `rollcall join-token revoke`: nodes that joined with it stay. */
export async function run(call: Call<object>): Promise<void> {
  const connection = await call.connect();
  await connection.ask(revokeJoinToken({ client: connection.client, path: { id: firstArgumentOf(call) } }));
  call.terminal.stdout.write('Ok\n');
}
