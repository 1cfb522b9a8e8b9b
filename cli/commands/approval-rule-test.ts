import { testApprovalRules } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { ruleTestCommand } from '../grammar/approval-rule-commands.js';
import { verdictColumns, wideVerdictColumns } from '../output/approval-rule-columns.js';
import { printItems } from '../output/print-items.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';

/** `rollcall approval-rule test`: what would be decided about each node, and by what. */
export async function run(call: CallOf<typeof ruleTestCommand>): Promise<void> {
  const { options, terminal } = call;
  const [ids] = call.arguments;
  if (ids.length > 0 === (options.pending ?? false))
    throw new CliFailure(
      EXIT_CODE.usage,
      'USAGE',
      'say which nodes, or --pending',
      'See: rollcall approval-rule test --help',
    );
  const connection = await call.connect();
  const query = ids.length > 0 ? { node: ids } : { pending: 'true' as const };
  const { items } = await connection.ask(testApprovalRules({ client: connection.client, query }));
  await printItems(
    items,
    { table: verdictColumns(), wide: wideVerdictColumns(), name: ({ node }) => node },
    options,
    terminal,
  );
  if (items.length === 0) terminal.stderr.write('No node waits for approval.\n');
}
