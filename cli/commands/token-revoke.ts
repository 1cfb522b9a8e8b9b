import type { Client } from '../../client/client/index.js';
import { revokeApiToken, revokeJoinToken } from '../../client/sdk.gen.js';
import { tokenIdText } from '../arguments/parsers.js';
import type { Call } from '../connection/call.js';
import { formatCount } from '../output/quantity.js';
import { eachId } from '../waiting/each-id.js';

/** How to revoke tokens of each kind, and the question that is asked first. */
const KINDS = {
  'api-token': { revoke: revokeApiToken, asks: 'Whoever uses it is let in no more; logins in browsers end with it.' },
  'join-token': { revoke: revokeJoinToken, asks: 'Nobody else is let in with it.' },
} as const;

/** `rollcall api-token revoke` also ends logins in browsers; `rollcall join-token revoke` leaves the nodes that joined with it. */
export function revocation(kind: keyof typeof KINDS): {
  run(call: Call<{ yes?: true | undefined; dryRun?: true | undefined }, [string[]]>): Promise<void>;
} {
  const { revoke, asks } = KINDS[kind];
  return {
    run: (call) =>
      eachId(call, {
        parse: tokenIdText,
        asks: (ids) => `Revoke ${ids.length === 1 ? ids[0] : formatCount(ids.length, kind)}? ${asks}`,
        act: (connection, id) => {
          const request: { client: Client; path: { id: string } } = { client: connection.client, path: { id } };
          return connection.ask(revoke(request));
        },
        failed: 'tokens were not revoked',
      }),
  };
}
