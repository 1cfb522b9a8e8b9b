import { idsFrom } from '../arguments/ids-from.js';
import type { Call } from '../connection/call.js';
import type { Connection } from '../connection/connection.js';
import { confirm } from '../process/confirm.js';
import { Several } from './several.js';

interface ForEachId {
  parse: (text: string) => string;
  /** Question for the user before it is done; absent where it can be undone. */
  asks?: (ids: readonly string[]) => string;
  act: (connection: Connection, id: string) => Promise<unknown>;
  /** Follows the number of failures: `tokens were not revoked`. */
  failed: string;
}

/** A command that does the same to each of its ids, which may come from standard input. */
export async function eachId(
  call: Call<{ yes?: true | undefined; dryRun?: true | undefined }, [string[]]>,
  { parse, asks, act, failed }: ForEachId,
): Promise<void> {
  const ids = await idsFrom(call.arguments[0], parse, call);
  const connection = await call.connect();
  if (asks !== undefined) await confirm(asks(ids), call.options, call);
  const several = new Several(ids, call);
  await several.each(
    ids.map((id) => ({ id })),
    async ({ id }) => {
      await act(connection, id);
      several.done(id);
    },
  );
  several.end(failed);
}
