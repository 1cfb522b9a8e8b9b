import { EXIT } from './exit-codes.js';

export const USAGE = `Usage: rollcall-agent [--config FILE] [--set Dotted.Key=value]... [--help] [--version]

The daemon that makes this machine a compute node of a Rollcall cluster.

Settings come from flags, then the environment (COMPUTE__AUTH__TOKEN), then the file, then defaults. SIGHUP reads them again: those
marked * take effect then, those marked + count when the machine joins, the others at the next start:
  Compute.Orchestrators                 addresses of the api, tried in this order   [http://127.0.0.1:8480]
* Compute.TLS.CAFile                    whose certificates to accept, as PEM        [what the system trusts]
* Compute.Auth.Token                    to join with; needed once
+ Compute.Name                          this node's id                              [the host's name]
  Compute.StateDir                      where the node's key is kept                [./rollcall-agent]
+ Compute.Labels                        name: value, for placing work
* Compute.Heartbeat.Interval            how often heartbeats are sent               [15s]
* Compute.Heartbeat.InfoUpdateInterval  how often static information is sent        [1m]
  Compute.Sessions.Engine               what runs sessions: duckdb, or none         [duckdb]
  Compute.Sessions.DuckDB.AllowExternal queries may reach files and the network     [false]
  Compute.Sessions.ResultRetention      how long result files stay                  [1d]
  Compute.Sessions.EndpointPort         where other engines show their sessions     [a socket only]

HTTP_PROXY, HTTPS_PROXY and NO_PROXY are followed; what is on this machine is asked directly.

Exit codes: ${EXIT.stopped} stopped when asked to, ${EXIT.failed} failed, ${EXIT.misconfigured} wrong or missing configuration, ${EXIT.removed} this node was removed, ${EXIT.refused} not let in.
`;
