import { createApprovalRule } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { ruleCreateCommand } from '../grammar/approval-rule-commands.js';
import { printDocument } from '../output/print-document.js';

/** `rollcall approval-rule create`: prints its name. */
export async function run(call: CallOf<typeof ruleCreateCommand>): Promise<void> {
  const { options, terminal } = call;
  const [name] = call.arguments;
  const { decision, joinToken = [], namePattern, filterLabels = [], network = [], order, expiresIn } = options;
  const { reason = '', output, dryRun } = options;
  const connection = await call.connect();
  const body = {
    ...{ name, decision, order, reason, joinTokens: joinToken, labels: filterLabels, networks: network },
    namePattern: namePattern ?? null,
    hardware: leastHardware(options),
    ...(expiresIn === undefined ? {} : { expiresIn }),
  };
  const made = await connection.ask(createApprovalRule({ client: connection.client, body }));
  if (dryRun) return void terminal.stdout.write('Ok\n');
  await printDocument(made, output, terminal, () => `${name}\n`);
}

interface HardwareOptions {
  minCores?: number | undefined;
  minMemory?: number | undefined;
  minGpus?: number | undefined;
}

/** The hardware that these options ask for. */
export function leastHardware({ minCores: cores, minMemory: memory, minGpus: gpus }: HardwareOptions) {
  return {
    ...(cores !== undefined && { cores }),
    ...(memory !== undefined && { memory }),
    ...(gpus !== undefined && { gpus }),
  };
}
