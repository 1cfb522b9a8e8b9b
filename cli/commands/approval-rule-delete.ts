import { deleteApprovalRule } from '../../client/sdk.gen.js';
import { resourceName } from '../arguments/parsers.js';
import type { CallOf } from '../grammar/add-command.js';
import type { ruleDeleteCommand } from '../grammar/approval-rule-commands.js';
import { formatCount } from '../output/quantity.js';
import { eachId } from '../waiting/each-id.js';

/** `rollcall approval-rule delete`: one or more; prints `Ok` when it is deleted. */
export function run(call: CallOf<typeof ruleDeleteCommand>): Promise<void> {
  return eachId(call, {
    parse: resourceName,
    asks: (names) =>
      `Delete ${names.length === 1 ? `approval rule ${names[0]}` : formatCount(names.length, 'approval rule')}?`,
    act: (connection, name) => connection.ask(deleteApprovalRule({ client: connection.client, path: { name } })),
    failed: 'approval rules were not deleted',
  });
}
