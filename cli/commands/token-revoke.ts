import type { Client } from '../../client/client/index.js';
import { revokeApiToken, revokeJoinToken } from '../../client/sdk.gen.js';
import { idsFrom } from '../arguments/ids-from.js';
import { tokenIdText } from '../arguments/parsers.js';
import type { Call } from '../connection/call.js';
import { formatCount } from '../output/quantity.js';
import { confirm } from '../process/confirm.js';
import { Several } from '../waiting/several.js';

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
    async run(call) {
      const ids = await idsFrom(call.arguments[0], tokenIdText, call);
      const connection = await call.connect();
      const [only] = ids.length === 1 ? ids : [];
      await confirm(`Revoke ${only ?? formatCount(ids.length, kind)}? ${asks}`, call.options, call);
      const several = new Several(ids, call);
      await several.each(
        ids.map((id) => ({ id })),
        async ({ id }) => {
          const request: { client: Client; path: { id: string } } = { client: connection.client, path: { id } };
          await connection.ask(revoke(request));
          several.done(id);
        },
      );
      several.end('tokens were not revoked');
    },
  };
}
