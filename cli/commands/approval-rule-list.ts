import { listApprovalRules } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { ruleListCommand } from '../grammar/approval-rule-commands.js';
import { ruleColumns, wideRuleColumns } from '../output/approval-rule-columns.js';
import { printItems } from '../output/print-items.js';

/** `rollcall approval-rule list`: in the order in which they are tried. */
export async function run(call: CallOf<typeof ruleListCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const { items } = await connection.ask(listApprovalRules({ client: connection.client }));
  const columns = { table: ruleColumns(connection.now()), wide: wideRuleColumns(connection.now()) };
  await printItems(items, { ...columns, name: ({ name }) => name }, options, terminal);
  if (items.length === 0) terminal.stderr.write('There is no approval rule.\n');
}
