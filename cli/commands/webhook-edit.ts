import { editWebhook } from '../../client/sdk.gen.js';
import type { PatchWebhookRequest } from '../../client/types.gen.js';
import { givenInSecret } from '../arguments/webhook-from-stdin.js';
import type { CallOf } from '../grammar/add-command.js';
import type { webhookEditCommand } from '../grammar/webhook-commands.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';

/** `rollcall webhook edit`: prints `Ok` when it is changed. */
export async function run(call: CallOf<typeof webhookEditCommand>): Promise<void> {
  const { options, terminal, interruption } = call;
  const [id] = call.arguments;
  const { name, url, secretStdin, alert, allAlerts, filterLabels, anyLabels, severity } = options;
  const body: PatchWebhookRequest = {
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { url }),
    ...(await givenInSecret({ url, secretStdin }, terminal, interruption)),
    ...(allAlerts ? { kinds: [] } : alert ? { kinds: alert } : {}),
    ...(anyLabels ? { labels: [] } : filterLabels ? { labels: filterLabels } : {}),
    ...(severity ? { severity } : {}),
  };
  if (Object.keys(body).length === 0)
    throw new CliFailure(
      EXIT_CODE.usage,
      'USAGE',
      'nothing is to be changed',
      'Name what is: --name, --url, --alert, --severity',
    );
  const connection = await call.connect();
  await connection.ask(editWebhook({ client: connection.client, path: { id }, body }));
  terminal.stdout.write('Ok\n');
}
