import type { Client } from '../../client/client/index.js';
import { revokeApiToken, revokeJoinToken } from '../../client/sdk.gen.js';
import type { Call } from '../connection/call.js';

/** What a token of each kind is revoked by. */
const OPERATIONS = { 'api-token': revokeApiToken, 'join-token': revokeJoinToken } as const;

/** `rollcall api-token revoke` ends logins in browsers too; `rollcall join-token revoke` leaves the nodes that joined. */
export function revocation(kind: keyof typeof OPERATIONS): { run(call: Call<object, [string]>): Promise<void> } {
  return {
    async run(call) {
      const [id] = call.arguments;
      const connection = await call.connect();
      const request: { client: Client; path: { id: string } } = { client: connection.client, path: { id } };
      await connection.ask(OPERATIONS[kind](request));
      call.terminal.stdout.write('Ok\n');
    },
  };
}
