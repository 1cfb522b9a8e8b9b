import { releaseMassSilence } from '../../client/sdk.gen.js';
import { confirm } from '../process/confirm.js';
import type { CallOf } from '../grammar/add-command.js';
import type { massSilenceReleaseCommand } from '../grammar/other-commands.js';

/** `rollcall mass-silence release`: prints `Ok` when silent nodes are judged again. */
export async function run(call: CallOf<typeof massSilenceReleaseCommand>): Promise<void> {
  const connection = await call.connect();
  await confirm(
    'Release the mass silence? Sessions of nodes that are UNKNOWN are given up, and RemoveAfter removes nodes.',
    call.options,
    call,
  );
  await connection.ask(releaseMassSilence({ client: connection.client, body: { reason: call.options.reason ?? '' } }));
  call.terminal.stdout.write('Ok\n');
}
