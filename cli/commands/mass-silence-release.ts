import { releaseMassSilence } from '../../client/sdk.gen.js';
import type { Call } from '../connection/call.js';

export interface MassSilenceReleaseOptions {
  reason?: string;
}

/** `rollcall mass-silence release`: prints `Ok` when nodes that are silent are judged again. */
export async function run(call: Call<MassSilenceReleaseOptions>): Promise<void> {
  const connection = await call.connect();
  await connection.ask(releaseMassSilence({ client: connection.client, body: { reason: call.options.reason ?? '' } }));
  call.terminal.stdout.write('Ok\n');
}
