import type { Config } from '../../contract/config/schema.js';
import type { LivenessPolicy } from '../../contract/lifecycle.js';
import type { LifecycleSettings } from './lifecycle-input.js';

/** An agent hears of a termination within a second or, at worst, with its next heartbeat, and then reports the end. In milliseconds. */
const TERMINATION_GRACE_MS = 30_000;
/** A history of this many events replays in a quarter of a second of CPU; Temporal's own limit is far above. */
const MAX_RUN_EVENTS = 500;

/** What the settings in force are provided under. */
export const LIFECYCLE_SETTINGS = Symbol('LifecycleSettings');

export function livenessPolicy({ Orchestrator }: Config): LivenessPolicy {
  const { DisconnectTimeout, UnknownTimeout, RemoveAfter } = Orchestrator.NodeManager;
  return { disconnectTimeoutMs: DisconnectTimeout, unknownTimeoutMs: UnknownTimeout, removeAfterMs: RemoveAfter };
}

export function lifecycleSettings(config: Config): LifecycleSettings {
  return {
    policy: livenessPolicy(config),
    terminationGraceMs: TERMINATION_GRACE_MS,
    confirmTimeoutMs: config.Orchestrator.Sessions.ConfirmTimeout,
    maxRunEvents: MAX_RUN_EVENTS,
    maxLivenessChecksPerSecond: config.Orchestrator.NodeManager.MaxLivenessChecksPerSecond,
  };
}
