import { editMaintenanceWindow } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { windowEditCommand } from '../grammar/window-commands.js';
import { openingText } from '../output/window-columns.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';

/** `rollcall maintenance window edit`: options that are left out keep their values. */
export async function run(call: CallOf<typeof windowEditCommand>): Promise<void> {
  const { options, terminal } = call;
  const [name] = call.arguments;
  const { cron, zone, for: duration, filterLabels, allNodes, blackout, blackouts, description, dryRun } = options;
  const body = {
    ...(cron === undefined ? {} : { cron }),
    ...(zone === undefined ? {} : { timeZone: zone }),
    ...(duration === undefined ? {} : { duration }),
    ...(allNodes ? { labels: [] } : filterLabels === undefined ? {} : { labels: filterLabels }),
    ...(blackouts ? (blackout === undefined ? {} : { blackouts: blackout }) : { blackouts: [] }),
    ...(description === undefined ? {} : { description }),
  };
  if (Object.keys(body).length === 0)
    throw new CliFailure(
      EXIT_CODE.usage,
      'USAGE',
      'it says nothing to change',
      'See: rollcall maintenance window edit --help',
    );
  const connection = await call.connect();
  const window = await connection.ask(editMaintenanceWindow({ client: connection.client, path: { name }, body }));
  terminal.stdout.write('Ok\n');
  if (!dryRun) terminal.stderr.write(`Window ${name}: ${openingText(window, connection.now())}.\n`);
}
