import { deleteApprovalRule } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { ruleDeleteCommand } from '../grammar/approval-rule-commands.js';
import { confirm } from '../process/confirm.js';

/** `rollcall approval-rule delete`: prints `Ok` when it is deleted. */
export async function run(call: CallOf<typeof ruleDeleteCommand>): Promise<void> {
  const [name] = call.arguments;
  const connection = await call.connect();
  await confirm(`Delete approval rule ${name}?`, call.options, call);
  await connection.ask(deleteApprovalRule({ client: connection.client, path: { name } }));
  call.terminal.stdout.write('Ok\n');
}
