import { hostname } from 'node:os';
import type { CheckSettings } from '../contract/config/check-keys.js';
import type { Config } from '../contract/config/schema.js';
import { nodeNameFrom } from '../contract/node-name.js';
import { EXIT, FatalError } from './process/exit-codes.js';
import type { Registration } from './membership/identity.js';

/** What the configuration says about one agent. Durations are milliseconds. */
export interface Settings {
  /** The id that the node wants to have. */
  name: string;
  labels: Record<string, string>;
  /** To join with, where it has not joined yet. */
  token: string | undefined;
  heartbeatIntervalMs: number;
  infoIntervalMs: number;
  checks: readonly CheckSettings[];
}

/** What of the configuration a machine that has joined already does not follow: a sentence each, for its log. */
export function whatCountsNoMore({ Name, Labels }: Config['Compute'], registration: Registration | null): string[] {
  if (!registration) return [];
  const { id, labels } = registration;
  const sentences: string[] = [];
  if (Name !== undefined && Name !== id) {
    sentences.push(
      `Compute.Name is ${Name}, and this machine is ${id} in the cluster: a node keeps its name; to join under another, remove ${id} and start with a new token and a new Compute.StateDir`,
    );
  }
  if (labels !== undefined && JSON.stringify(sorted(labels)) !== JSON.stringify(sorted(Labels))) {
    sentences.push(
      `Compute.Labels are not those with which ${id} joined: they count at joining; later an administrator changes a node's labels (PATCH /v1/nodes/${id})`,
    );
  }
  return sentences;
}

function sorted(labels: Record<string, string>): [string, string][] {
  return Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** @throws FatalError where no name is configured and the host's name cannot be one */
export function settingsFrom({ Name, Labels, Auth, Heartbeat, Checks }: Config['Compute']): Settings {
  const name = Name ?? nodeNameFrom(hostname());
  if (name === undefined) {
    throw new FatalError(
      `This host's name, "${hostname()}", cannot be a node's name: set Compute.Name in the configuration`,
      EXIT.misconfigured,
    );
  }
  return {
    name,
    labels: Labels,
    token: Auth.Token,
    heartbeatIntervalMs: Heartbeat.Interval,
    infoIntervalMs: Heartbeat.InfoUpdateInterval,
    checks: Checks,
  };
}
