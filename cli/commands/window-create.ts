import { createMaintenanceWindow } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { windowCreateCommand } from '../grammar/window-commands.js';
import { printDocument } from '../output/print-document.js';
import { openingText } from '../output/window-columns.js';

/** `rollcall maintenance window create`: prints its name on stdout and its next opening on stderr. */
export async function run(call: CallOf<typeof windowCreateCommand>): Promise<void> {
  const { options, terminal } = call;
  const [name] = call.arguments;
  const { cron, zone, for: duration, filterLabels = [], blackout = [], description = '', output, dryRun } = options;
  const connection = await call.connect();
  const body = { name, cron, timeZone: zone, duration, labels: filterLabels, blackouts: blackout, description };
  const made = await connection.ask(createMaintenanceWindow({ client: connection.client, body }));
  if (dryRun) return void terminal.stdout.write('Ok\n');
  await printDocument(made, output, terminal, () => {
    terminal.stderr.write(`Window ${name} was made: ${openingText(made, connection.now())}.\n`);
    return `${name}\n`;
  });
}
