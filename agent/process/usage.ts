import { settingsHelp } from '../../contract/config/settings-help.js';
import { EXIT } from './exit-codes.js';

export const AGENT_USAGE = `Usage: rollcall-agent [--config FILE] [--set Dotted.Key=value]... [--status] [--help] [--version]
       rollcall-agent check list|run [NAME]... [--config FILE] [--set Dotted.Key=value]...
       rollcall-agent drain [--reason TEXT] [--deadline 15m] [--on-deadline wait|terminate] [--wait] [--config FILE]
       rollcall-agent resume [--reason TEXT] [--config FILE]

The daemon that makes this machine a compute node of a Rollcall cluster.

Settings come from flags, then the environment (COMPUTE__AUTH__TOKEN), then the file, then defaults. SIGHUP reads them again: those
marked * take effect then, those marked + count when the machine joins, the others at the next start:
${settingsHelp('Compute')}
--status asks the agent that runs with these settings how it is, prints that as JSON, and exits with ${EXIT.stopped} where it answers.

check list shows Compute.Checks, and what the agent that runs makes of them; check run runs them once, now, and exits as a check does:
0 fit, 1 unfit, 2 not known.

drain asks the agent that runs to take its node out: no new sessions, and running ones finish; --wait returns when the last has ended. resume
brings it back, where nobody else took it out.

HTTP_PROXY, HTTPS_PROXY and NO_PROXY are followed; what is on this machine is asked directly.

Exit codes: ${EXIT.stopped} stopped when asked to, ${EXIT.failed} failed, ${EXIT.misconfigured} wrong or missing configuration, ${EXIT.removed} this node was removed, ${EXIT.refused} not let in.
`;
