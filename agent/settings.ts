import { hostname } from 'node:os';
import type { Config } from '../contract/config/schema.js';
import { nodeNameFrom } from '../contract/node-name.js';
import { EXIT, FatalError } from './exit-codes.js';

/** What the configuration says about one agent. Durations are milliseconds. */
export interface Settings {
  /** The id that the node wants to have. */
  name: string;
  labels: Record<string, string>;
  /** To join with, where it has not joined yet. */
  token: string | undefined;
  heartbeatIntervalMs: number;
  infoIntervalMs: number;
}

/** @throws FatalError where no name is configured and the host's name cannot be one */
export function settingsFrom({ Name, Labels, Auth, Heartbeat }: Config['Compute']): Settings {
  const name = Name ?? nodeNameFrom(hostname());
  if (name === undefined) {
    throw new FatalError(`This host's name, "${hostname()}", cannot be a node's name: set Compute.Name in the configuration`, EXIT.misconfigured);
  }
  return { name, labels: Labels, token: Auth.Token, heartbeatIntervalMs: Heartbeat.Interval, infoIntervalMs: Heartbeat.InfoUpdateInterval };
}
