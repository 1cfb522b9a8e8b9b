import type { Config } from '../../contract/config/schema.js';
import type { LivenessPolicy } from '../../contract/lifecycle.js';
import type { LifecycleSettings } from './lifecycle-input.js';

/** Grace for terminated sessions, in milliseconds: agents hear of it within a second, or with the next heartbeat, and report the end. */
const TERMINATION_GRACE_MS = 30_000;
/** Events per run: replaying this many takes a quarter of a second of CPU. Temporal's own limit is far higher. */
const MAX_RUN_EVENTS = 500;

/** Injection token of the settings. */
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
