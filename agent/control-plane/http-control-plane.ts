import { createClient, createConfig, type Client } from '../../client/client/index.js';
import {
  decideAvailability,
  getCommands,
  getOwnAvailability,
  issueAccessToken,
  putInfo,
  registerAgent,
  reportSessions,
  rotateKey,
  sayGoodbye,
  sendHeartbeat,
  type Commands,
  type HeartbeatRequest,
  type HeartbeatResponse,
  type NodeInfo,
  type OwnAvailability,
  type OwnAvailabilityRequest,
  type RegisterRequest,
  type RegisterResponse,
  type RotateKeyRequest,
  type SessionsReport,
} from '../../client/index.js';
import type { TraceContext } from '../../contract/process/trace-context.js';
import type { EpochMs } from '../../contract/states.js';
import type { AgentClock } from '../process/agent-clock.js';
import { Refused, Unavailable, type ControlPlane, type ToldFault } from './control-plane.js';
import { withDeadline } from '../process/deadline.js';
import type { Orchestrators } from './orchestrators.js';
import { parseRetryAfter } from '../../client/retry-after.js';
import { whyCallFailed } from './why-call-failed.js';
import { toldProblem } from '../../client/problem.js';
import { plainText } from '../../contract/plain-text.js';

/** Timeout of a call, in milliseconds. */
const CALL_TIMEOUT_MS = 10_000;
/** Minimum timeout of the calls that keep a node alive, in milliseconds: even at the shortest intervals a slow orchestrator has this long. */
const SHORTEST_BEAT_TIMEOUT_MS = 2_000;

/** The generated client's result: an answer, or the error instead of one. */
interface Answer<Data> {
  data?: Data | undefined;
  error?: unknown;
  response?: Response | undefined;
}

interface CallOptions {
  client: Client;
  signal: AbortSignal;
  headers: Record<string, string>;
}

/**
 * The control plane over HTTP, through the generated client. It uses Node's own fetch, which is undici: importing that package as well would
 * load the same code twice, for 29 MB of every node's memory. Connections are kept for as long as the api's Keep-Alive header allows.
 */
export class HttpControlPlane implements ControlPlane {
  private readonly clients = new Map<string, Client>();
  private readonly beatTimeoutMs: number;

  /**
   * @param heartbeatIntervalMs timeout of a heartbeat: a silent replica must not cost several of them
   * @param traceFor starts a trace for a call, if traces are collected. Heartbeats and long polls have none, since the api records none of them
   * @param hearDate called with the date of every successful answer
   */
  constructor(
    private readonly orchestrators: Orchestrators,
    private readonly clock: AgentClock,
    private readonly userAgent: string,
    heartbeatIntervalMs = CALL_TIMEOUT_MS,
    private readonly traceFor: (call: string) => TraceContext | undefined = () => undefined,
    private readonly hearDate: (date: EpochMs) => void = () => {},
  ) {
    this.beatTimeoutMs = Math.min(CALL_TIMEOUT_MS, Math.max(SHORTEST_BEAT_TIMEOUT_MS, heartbeatIntervalMs));
  }

  async register(
    request: RegisterRequest,
    stop: AbortSignal,
  ): Promise<{ response: RegisterResponse; orchestrator: string }> {
    const ask = (options: CallOptions) => registerAgent({ ...options, body: request });
    const { data, address } = await this.call(stop, this.traced('register'), ask);
    return { response: data, orchestrator: address };
  }

  async accessToken(assertion: string, stop: AbortSignal): Promise<{ accessToken: string; expiresInS: number }> {
    const ask = (options: CallOptions) => issueAccessToken({ ...options, body: { assertion } });
    return (await this.call(stop, this.traced('accessToken'), ask, this.beatTimeoutMs)).data;
  }

  async rotateKey(request: RotateKeyRequest, stop: AbortSignal): Promise<void> {
    await this.call(stop, this.traced('rotateKey'), (options) => rotateKey({ ...options, body: request }));
  }

  async heartbeat(accessToken: string, body: () => HeartbeatRequest, stop: AbortSignal): Promise<HeartbeatResponse> {
    const ask = (options: CallOptions) => sendHeartbeat({ ...options, body: body() });
    return (await this.call(stop, bearer(accessToken), ask, this.beatTimeoutMs)).data;
  }

  async putInfo(accessToken: string, info: NodeInfo, stop: AbortSignal): Promise<void> {
    const headers = { ...bearer(accessToken), ...this.traced('putInfo') };
    await this.call(stop, headers, (options) => putInfo({ ...options, body: info }));
  }

  async commands(accessToken: string, waitS: number, stop: AbortSignal): Promise<Commands> {
    const ask = (options: CallOptions) => getCommands({ ...options, query: { wait: `${waitS}s` } });
    return (await this.call(stop, bearer(accessToken), ask, waitS * 1_000 + CALL_TIMEOUT_MS)).data;
  }

  async reportSessions(
    accessToken: string,
    report: SessionsReport,
    stop: AbortSignal,
  ): Promise<{ terminate: string[] }> {
    const headers = { ...bearer(accessToken), ...this.traced('reportSessions') };
    return (await this.call(stop, headers, (options) => reportSessions({ ...options, body: report }))).data;
  }

  async decideAvailability(
    accessToken: string,
    wish: OwnAvailabilityRequest,
    stop: AbortSignal,
  ): Promise<OwnAvailability> {
    const headers = { ...bearer(accessToken), ...this.traced('decideAvailability') };
    return (await this.call(stop, headers, (options) => decideAvailability({ ...options, body: wish }))).data;
  }

  async ownAvailability(accessToken: string, waitS: number, stop: AbortSignal): Promise<OwnAvailability> {
    const ask = (options: CallOptions) => getOwnAvailability({ ...options, query: { wait: `${waitS}s` } });
    return (await this.call(stop, bearer(accessToken), ask, waitS * 1_000 + CALL_TIMEOUT_MS)).data;
  }

  async goodbye(accessToken: string, body: { bootId: string; reason: string }, stop: AbortSignal): Promise<void> {
    const headers = { ...bearer(accessToken), ...this.traced('goodbye') };
    await this.call(stop, headers, (options) => sayGoodbye({ ...options, body }));
  }

  private traced(call: string): Record<string, string> {
    return this.traceFor(call)?.headers ?? {};
  }

  /** Asks one replica after the other until one accepts or refuses. */
  private async call<Data>(
    stop: AbortSignal,
    headers: Record<string, string>,
    ask: (options: CallOptions) => Promise<Answer<Data>>,
    timeoutMs = CALL_TIMEOUT_MS,
  ): Promise<{ data: NonNullable<Data>; address: string }> {
    const failures: Unavailable[] = [];
    for (const address of this.orchestrators.inOrder()) {
      stop.throwIfAborted();
      const answer = await withDeadline(timeoutMs, stop, (signal) =>
        ask({ client: this.clientOf(address), signal, headers: { 'User-Agent': this.userAgent, ...headers } }),
      );
      const data = this.read(address, answer, timeoutMs, stop);
      if (!(data instanceof Unavailable)) {
        this.orchestrators.answered(address);
        return { data, address };
      }
      this.orchestrators.failed(address);
      failures.push(data);
    }
    const waits = failures.flatMap(({ retryAfterMs }) => (retryAfterMs === undefined ? [] : [retryAfterMs]));
    // The replica that is ready first decides the pause.
    throw new Unavailable(
      failures.map(({ message }) => message).join('; '),
      waits.length > 0 ? Math.min(...waits) : undefined,
    );
  }

  private read<Data>(
    address: string,
    { data, error, response }: Answer<Data>,
    timeoutMs: number,
    stop: AbortSignal,
  ): NonNullable<Data> | Unavailable {
    stop.throwIfAborted();
    if (!response) return new Unavailable(`${address} does not answer: ${whyCallFailed(error, timeoutMs)}`);
    if (response.ok) this.hearDate(dateOf(response));
    if (response.status === 204) return {} as NonNullable<Data>;
    if (response.ok && typeof data === 'object' && data !== null) return data;
    const fault = readFault(error);
    const { status } = response;
    if (fault && status >= 400 && status < 500 && status !== 429) {
      this.orchestrators.answered(address);
      throw new Refused(status, fault, dateOf(response));
    }
    const isBusyOrBroken = status === 429 || status >= 500;
    const says =
      fault?.detail ??
      (isBusyOrBroken ? `it answers HTTP ${status}` : `it answers HTTP ${status} and is no Rollcall api`);
    return new Unavailable(
      `${address}: ${says}`,
      parseRetryAfter(response.headers.get('retry-after'), this.clock.now()),
    );
  }

  private clientOf(address: string): Client {
    const known = this.clients.get(address);
    if (known) return known;
    const client = createClient(createConfig({ baseUrl: address.replace(/\/+$/, ''), redirect: 'error' }));
    this.clients.set(address, client);
    return client;
  }
}

/** NaN if there is none. */
function dateOf({ headers }: Response): EpochMs {
  return Date.parse(headers.get('date') ?? '');
}

function bearer(accessToken: string): Record<string, string> {
  return { Authorization: `Bearer ${accessToken}` };
}

/** The form of all error codes. */
const CODE = /^[A-Z][A-Z_]{0,63}$/;

/**
 * The fault in a problem document, in words that are safe to log; undefined if `body` is something else, such as a proxy's page. A newer
 * api has codes that are unknown here, so decisions depend on the status.
 */
function readFault(body: unknown): ToldFault | undefined {
  const problem = toldProblem(body);
  if (problem === undefined || !CODE.test(problem.code)) return undefined;
  const { code, detail, field, hint } = problem;
  return {
    code,
    detail: plainText(detail),
    ...(field === undefined ? {} : { field: plainText(field) }),
    ...(hint === undefined ? {} : { hint: plainText(hint) }),
  };
}
