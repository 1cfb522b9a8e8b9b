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
 * What the agent can say to the control plane. Every call fails with {@link Unavailable} where trying again may
 * help, and with {@link Refused} where the answer was no.
 */
export interface ControlPlane {
  register(request: RegisterRequest, stop: AbortSignal): Promise<{ response: RegisterResponse; orchestrator: string }>;
  /** Trades an assertion, signed with the node's key, for an access token. */
  accessToken(assertion: string, stop: AbortSignal): Promise<{ accessToken: string; expiresInS: number }>;
  /** Replaces the node's key: the request is signed with both. Refused with status 404 by an api that does not know of it. */
  rotateKey(request: RotateKeyRequest, stop: AbortSignal): Promise<void>;
  /** @param body is asked for at every attempt, since no two attempts may carry the same seq */
  heartbeat(accessToken: string, body: () => HeartbeatRequest, stop: AbortSignal): Promise<HeartbeatResponse>;
  putInfo(accessToken: string, info: NodeInfo, stop: AbortSignal): Promise<void>;
  /** @param waitS how long the answer may be held back while there is nothing to tell, in seconds */
  commands(accessToken: string, waitS: number, stop: AbortSignal): Promise<Commands>;
  /** @returns ids of sessions to end, which the cluster holds for ended */
  reportSessions(accessToken: string, report: SessionsReport, stop: AbortSignal): Promise<{ terminate: string[] }>;
  /** What the node decides about itself. Refused with status 404 by an api that does not know of it. */
  decideAvailability(accessToken: string, wish: OwnAvailabilityRequest, stop: AbortSignal): Promise<OwnAvailability>;
  /** @param waitS how long the answer may be held back while the node is not drained, in seconds */
  ownAvailability(accessToken: string, waitS: number, stop: AbortSignal): Promise<OwnAvailability>;
  goodbye(accessToken: string, body: { bootId: string; reason: string }, stop: AbortSignal): Promise<void>;
}

/** No orchestrator could answer: away, too busy, or not what it should be. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';

  constructor(
    message: string,
    /** What the server asked for, in milliseconds. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** A fault as it was told, by an api that may be newer and have codes of its own. */
export interface ToldFault extends Omit<Fault, 'code'> {
  code: string;
}

/** An orchestrator understood, and said no. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    readonly fault: ToldFault,
    /** The orchestrator's clock when it answered, from the Date header; NaN where it has none. */
    readonly serverTime: EpochMs,
  ) {
    super(fault.detail);
  }
}

/** What was said, and the way out, for a log. */
export function inWords({ detail, hint, field }: ToldFault): string {
  // Most sentences begin with the field that they are about.
  const subject = field === undefined || detail.startsWith(field) ? detail : `${field}: ${detail}`;
  return hint === undefined ? subject : `${subject} (${hint})`;
}
