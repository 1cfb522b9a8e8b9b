import { hostname } from 'node:os';
import type { CheckSettings } from '../contract/config/check-keys.js';
import type { Config } from '../contract/config/schema.js';
import { nodeNameFrom } from '../contract/node-name.js';
import { EXIT, FatalError } from './process/exit-codes.js';
import type { Registration } from './membership/identity.js';

/** Settings of one agent. Durations are in milliseconds. */
export interface Settings {
  /** The id that the node asks for. */
  name: string;
  labels: Record<string, string>;
  /** Join token, for a machine that has not joined. */
  token: string | undefined;
  /** Maximum age of its key; 0 for no limit. */
  rotateKeyAfterMs: number;
  heartbeatIntervalMs: number;
  infoIntervalMs: number;
  checks: readonly CheckSettings[];
  /** 0 to end its sessions when it is asked to stop. */
  drainOnShutdownMs: number;
}

/** Why a machine that has joined does not follow a changed name in its configuration, and the remedy; undefined if the name is the same. */
export function whyNotName(name: string | undefined, registration: Registration | null): string | undefined {
  if (registration === null || name === undefined || name === registration.id) return undefined;
  const { id } = registration;
  return `Compute.Name is ${name}, and this machine is ${id} in the cluster: a node keeps its name; to join under another, remove ${id} (rollcall node delete ${id}) and start with a new token and a new Compute.StateDir`;
}

/** @throws FatalError if no name is configured and the host's name is not a valid one */
export function settingsFrom({ Name, Labels, Auth, Heartbeat, Checks, DrainOnShutdown }: Config['Compute']): Settings {
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
    rotateKeyAfterMs: Auth.RotateAfter,
    heartbeatIntervalMs: Heartbeat.Interval,
    infoIntervalMs: Heartbeat.InfoUpdateInterval,
    checks: Checks,
    drainOnShutdownMs: DrainOnShutdown,
  };
}
