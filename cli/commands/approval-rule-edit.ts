import { editApprovalRule, getApprovalRule } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { ruleEditCommand } from '../grammar/approval-rule-commands.js';
import { leastHardware } from './approval-rule-create.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';

/** `rollcall approval-rule edit`: options that are left out keep their values. */
export async function run(call: CallOf<typeof ruleEditCommand>): Promise<void> {
  const { options, terminal } = call;
  const [name] = call.arguments;
  const { decision, joinToken, namePattern, filterLabels, network, order, expiresIn, expiry, reason } = options;
  const least = leastHardware(options);
  const changesHardware = Object.keys(least).length > 0;
  const body = {
    ...(decision === undefined ? {} : { decision }),
    ...(order === undefined ? {} : { order }),
    ...(reason === undefined ? {} : { reason }),
    ...listed('joinTokens', joinToken, options.anyJoinToken),
    ...listed('labels', filterLabels, options.anyLabels),
    ...listed('networks', network, options.anyNetwork),
    ...(options.anyName ? { namePattern: null } : namePattern === undefined ? {} : { namePattern }),
    ...(options.anyHardware ? { hardware: {} } : {}),
    ...(expiry ? (expiresIn === undefined ? {} : { expiresIn }) : { expiresIn: null }),
  };
  if (Object.keys(body).length === 0 && !changesHardware)
    throw new CliFailure(
      EXIT_CODE.usage,
      'USAGE',
      'it says nothing to change',
      'See: rollcall approval-rule edit --help',
    );
  const connection = await call.connect();
  const { client } = connection;
  const path = { name };
  // The api replaces the hardware as a whole; here each figure is an option of its own.
  const known = changesHardware ? await connection.ask(getApprovalRule({ client, path })) : undefined;
  const hardware = known && {
    hardware: { ...(options.anyHardware ? {} : known.hardware), ...least },
    version: known.version,
  };
  await connection.ask(editApprovalRule({ client, path, body: { ...body, ...hardware } }));
  terminal.stdout.write('Ok\n');
}

function listed(field: 'joinTokens' | 'labels' | 'networks', values: string[] | undefined, any: true | undefined) {
  return any ? { [field]: [] } : values === undefined ? {} : { [field]: values };
}
