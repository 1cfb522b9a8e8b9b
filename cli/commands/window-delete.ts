import { deleteMaintenanceWindow } from '../../client/sdk.gen.js';
import type { Client } from '../../client/client/index.js';
import { resourceName } from '../arguments/parsers.js';
import type { CallOf } from '../grammar/add-command.js';
import type { windowDeleteCommand } from '../grammar/window-commands.js';
import { formatCount } from '../output/quantity.js';
import { eachId } from '../waiting/each-id.js';

/** `rollcall maintenance window delete`: one or more; prints `Ok` when it is deleted. */
export function run(call: CallOf<typeof windowDeleteCommand>): Promise<void> {
  return eachId(call, {
    parse: resourceName,
    asks: (names) =>
      `Delete ${names.length === 1 ? `maintenance window ${names[0]}` : formatCount(names.length, 'maintenance window')}?`,
    act: (connection, name) => {
      const request: { client: Client; path: { name: string } } = { client: connection.client, path: { name } };
      return connection.ask(deleteMaintenanceWindow(request));
    },
    failed: 'maintenance windows were not deleted',
  });
}
