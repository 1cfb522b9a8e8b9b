import type {
  Commands,
  HeartbeatRequest,
  HeartbeatResponse,
  NodeInfo,
  OwnAvailability,
  OwnAvailabilityRequest,
  RegisterRequest,
  RegisterResponse,
  RotateKeyRequest,
  SessionsReport,
} from '../../client/index.js';
import type { Fault } from '../../contract/errors.js';
import type { EpochMs } from '../../contract/states.js';

/**
 * The agent's requests to the control plane. Every call fails with {@link Unavailable} if a retry may help, and with {@link Refused}
 * if the request was refused.
 */
export interface ControlPlane {
  register(request: RegisterRequest, stop: AbortSignal): Promise<{ response: RegisterResponse; orchestrator: string }>;
  /** Exchanges an assertion, signed with the node's key, for an access token. */
  accessToken(assertion: string, stop: AbortSignal): Promise<{ accessToken: string; expiresInS: number }>;
  /** Replaces the node's key; the request is signed with both keys. An older api refuses it with status 404. */
  rotateKey(request: RotateKeyRequest, stop: AbortSignal): Promise<void>;
  /** @param body called for every attempt, since no two attempts may carry the same seq */
  heartbeat(accessToken: string, body: () => HeartbeatRequest, stop: AbortSignal): Promise<HeartbeatResponse>;
  putInfo(accessToken: string, info: NodeInfo, stop: AbortSignal): Promise<void>;
  /** @param waitS how long the answer may be held back while there are no commands, in seconds */
  commands(accessToken: string, waitS: number, stop: AbortSignal): Promise<Commands>;
  /** @returns ids of sessions that have to end because the cluster holds them for ended */
  reportSessions(accessToken: string, report: SessionsReport, stop: AbortSignal): Promise<{ terminate: string[] }>;
  /** Decides about the node itself. An older api refuses it with status 404. */
  decideAvailability(accessToken: string, wish: OwnAvailabilityRequest, stop: AbortSignal): Promise<OwnAvailability>;
  /** @param waitS how long the answer may be held back while the node drains, in seconds */
  ownAvailability(accessToken: string, waitS: number, stop: AbortSignal): Promise<OwnAvailability>;
  goodbye(accessToken: string, body: { bootId: string; reason: string }, stop: AbortSignal): Promise<void>;
}

/** No orchestrator could answer: unreachable, overloaded, or not an api at all. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';

  constructor(
    message: string,
    /** Retry-After of the server, in milliseconds. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** Fault in an api's answer. A newer api may use codes that are unknown here. */
export interface ToldFault extends Omit<Fault, 'code'> {
  code: string;
}

/** An orchestrator understood the request and refused it. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    readonly fault: ToldFault,
    /** The orchestrator's time of the answer, from the Date header; NaN without one. */
    readonly serverTime: EpochMs,
  ) {
    super(fault.detail);
  }
}

/** The refusal and its remedy, for a log. */
export function inWords({ detail, hint, field }: ToldFault): string {
  // Most sentences begin with the name of the field.
  const subject = field === undefined || detail.startsWith(field) ? detail : `${field}: ${detail}`;
  return hint === undefined ? subject : `${subject} (${hint})`;
}
