import { isNativeError } from 'node:util/types';
import { getLoginProvider, getReadiness } from '../../client/sdk.gen.js';
import { createClient, createConfig, type Client } from '../../client/client/index.js';
import { plainText } from '../../contract/plain-text.js';
import { useProxyOf } from '../../contract/process/env-proxy.js';
import {
  inheritedTrace,
  newTrace,
  tracesAreCollected,
  type TraceContext,
} from '../../contract/process/trace-context.js';
import type { EpochMs } from '../../contract/states.js';
import type { Access } from './access.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { failureOfReply } from './reply-failure.js';
import { wayIn } from './way-in.js';
import { shownData } from '../output/shown-data.js';
import type { Terminal } from '../process/terminal.js';
import type { Readiness } from '../../client/types.gen.js';

/** Timeout in milliseconds. An api may hold its answer while it waits for a decision to be applied, but not this long. */
const REPLY_TIMEOUT_MS = 30_000;
/** Clocks that differ by less count as equal, in milliseconds, since the Date header has whole seconds. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Result of the generated client's functions. */
type Reply<Data> = Promise<{ data?: Data; error?: unknown; response?: Response }>;

/** Options of a request. */
interface Manner {
  /** Returns the data unescaped, for formats that escape what a terminal would act on. */
  isVerbatim: boolean;
  /** Sends changing requests as dry runs. */
  isDryRun: boolean;
}

/** A connection to one api. */
export class Connection {
  readonly client: Client;
  private readonly terminal: Terminal;
  private readonly interruption: AbortSignal;
  readonly server: string;
  /** Origin of the token, for messages. */
  readonly tokenSource: string;
  /** Text of the certificate authorities that are trusted instead of the system's. */
  readonly caFile: string | undefined;
  /** Trace that all requests of this command belong to. */
  private readonly trace: TraceContext | undefined;
  private clockSkewMs = 0;

  /** @throws CliFailure if the CA file or the proxy is invalid */
  static async open(
    access: Access,
    terminal: Terminal,
    interruption: AbortSignal,
    manner: Partial<Manner> = {},
  ): Promise<Connection> {
    if (access.caFile !== undefined) (await import('./trust-only.js')).trustServers(access.caFile);
    try {
      useProxyOf(terminal.env);
    } catch (error) {
      throw new CliFailure(
        EXIT_CODE.usage,
        'USAGE',
        (error as Error).message,
        'Correct the environment variable, or unset it',
        { cause: error },
      );
    }
    return new Connection(access, terminal, interruption, { isVerbatim: false, isDryRun: false, ...manner });
  }

  private constructor(
    private readonly access: Access,
    terminal: Terminal,
    interruption: AbortSignal,
    private readonly manner: Manner,
  ) {
    this.server = access.server;
    this.caFile = access.caFile;
    this.tokenSource = access.source;
    this.terminal = terminal;
    this.interruption = interruption;
    this.trace = traceOf(terminal);
    this.client = createClient(
      createConfig({
        baseUrl: access.server,
        auth: () => access.token,
        headers: { 'user-agent': 'rollcall-cli', ...this.trace?.headers },
        fetch: (input) => {
          const request = new Request(input);
          return this.manner.isDryRun && request.method !== 'GET' ? this.sendDry(request) : this.send(request);
        },
      }),
    );
  }

  /** The api's time, so that ages are right on a machine whose clock is wrong. */
  now(): EpochMs {
    return this.terminal.now() + this.clockSkewMs;
  }

  /**
   * The data of a reply.
   * @throws CliFailure with the api's own code, sentence and hint, or why there was no reply
   */
  async ask<Data>(reply: Reply<Data>): Promise<NonNullable<Data>> {
    const outcome = await reply;
    // A server other than an api may answer 200 with a page, which the client returns as text.
    if (outcome.data && typeof outcome.data === 'object')
      return this.manner.isVerbatim ? outcome.data : shownData(outcome.data);
    if (outcome.error instanceof CliFailure) throw outcome.error;
    // Done without content: the client returns an empty body.
    if (outcome.response?.status === 204) return {} as NonNullable<Data>;
    throw await this.failureOf(outcome.response, outcome.error);
  }

  /** The failure for an answer: the api's own, or that the server is not an api. */
  async failureOf(response: Response | undefined, said: unknown): Promise<CliFailure> {
    const hint = response?.status === 401 ? await wayIn(this.access, () => this.hasProvider()) : '';
    return failureOfReply(this.server, response, said, hint, this.trace?.traceId);
  }

  private async hasProvider(): Promise<boolean> {
    const { data } = await getLoginProvider({ client: this.client });
    return typeof data?.name === 'string';
  }

  /** Sends a changing request as a dry run: nothing is committed. */
  private async sendDry(request: Request): Promise<Response> {
    const url = new URL(request.url);
    url.searchParams.set('dryRun', 'true');
    const response = await this.send(new Request(url, request));
    if (!response.ok || response.headers.get('dry-run') === 'true') return response;
    await response.body?.cancel();
    throw new CliFailure(
      EXIT_CODE.failure,
      'NO_DRY_RUN',
      `${this.server} has no dry runs: what was asked for is done`,
      'Look at it, and undo it where it was not meant; an api of this version has them',
    );
  }

  /**
   * Starts a streaming answer: only its beginning is bounded in time.
   * @throws CliFailure with the api's own code, sentence and hint, or why there was no such answer
   */
  async openStream(request: Request): Promise<Response> {
    const response = await this.send(request);
    if (response.ok && isStream(response)) return response;
    throw await this.failureOf(response, await response.json().catch(() => undefined));
  }

  private async send(request: Request): Promise<Response> {
    const timer = new AbortController();
    const timeout = timer.signal;
    const running = setTimeout(() => timer.abort(), REPLY_TIMEOUT_MS).unref();
    try {
      const response = await fetch(request, {
        signal: AbortSignal.any([request.signal, this.interruption, timeout]),
        redirect: 'manual',
      });
      if (isStream(response)) clearTimeout(running);
      this.compareClocks(response.headers.get('date'));
      const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
      if (location === null) return response;
      await response.body?.cancel();
      throw this.redirected(request, location);
    } catch (error) {
      throw error instanceof CliFailure ? error : this.failureToReach(error, timeout);
    }
  }

  /** Redirects are refused: the token is for this address, and a request that changes something would become one that reads. */
  private redirected(request: Request, location: string): CliFailure {
    const target = URL.canParse(location, request.url) ? new URL(location, request.url) : undefined;
    const path = request.url.slice(this.server.length);
    // If only the part before the api's path differs, that is the address to suggest.
    const named = target?.href.endsWith(path) ? target.href.slice(0, -path.length) : target?.origin;
    return new CliFailure(
      EXIT_CODE.failure,
      'REDIRECTED',
      `${this.server} sends on to ${named === undefined ? 'another address' : plainText(named)}`,
      'If that is the right server, name it: --server, ROLLCALL_SERVER or rollcall auth login --server',
    );
  }

  private compareClocks(date: string | null): void {
    const skew = date === null ? NaN : Date.parse(date) - this.terminal.now();
    this.clockSkewMs = Math.abs(skew) > CLOCK_TOLERANCE_MS ? skew : 0;
  }

  private failureToReach(error: unknown, timeout: AbortSignal): CliFailure {
    if (this.interruption.aborted)
      return new CliFailure(EXIT_CODE.interrupted, 'INTERRUPTED', 'interrupted', undefined, { cause: error });
    if (timeout.aborted) {
      return new CliFailure(
        EXIT_CODE.timeout,
        'TIMEOUT',
        `${this.server} did not answer within ${REPLY_TIMEOUT_MS / 1_000} s`,
        'Try again',
        { cause: error },
      );
    }
    const why = isNativeError(error) ? reasonOf(error.cause) : undefined;
    return new CliFailure(
      EXIT_CODE.failure,
      'UNREACHABLE',
      `no api answers at ${this.server}${why ? ` (${why.reason})` : ''}`,
      why?.hint ?? 'Start it with npm start, or name another with --server',
      { cause: error },
    );
  }
}

function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

/** The trace passed in the environment, or a new one if traces are collected or a fault is being debugged. */
function traceOf({ env, stderr }: Terminal): TraceContext | undefined {
  const looks = Boolean(env['ROLLCALL_DEBUG']);
  const trace = inheritedTrace(env) ?? (looks || tracesAreCollected(env) ? newTrace() : undefined);
  if (looks && trace) stderr.write(`trace ${trace.traceId}\n`);
  return trace;
}

/** Why there was no connection, and the remedy if it is not to start the api. */
interface Reason {
  reason: string;
  hint?: string;
}

const UNTRUSTED: Reason = {
  reason: 'its certificate comes from an authority that is not trusted here',
  hint: 'If it is the right server, name the file with its authority: --ca-file FILE',
};
const NO_HTTPS: Reason = { reason: 'it does not speak HTTPS', hint: 'Name it as http://' };

const REASONS: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: { reason: 'connection refused' },
  ECONNRESET: { reason: 'connection reset' },
  ENOTFOUND: { reason: 'no such host' },
  EAI_AGAIN: { reason: 'the name cannot be resolved now' },
  ETIMEDOUT: { reason: 'connection timed out' },
  UND_ERR_CONNECT_TIMEOUT: { reason: 'connection timed out' },
  UND_ERR_SOCKET: { reason: 'connection closed' },
  CERT_HAS_EXPIRED: { reason: 'its certificate has expired', hint: 'Ask whoever runs it to renew the certificate' },
  CERT_NOT_YET_VALID: { reason: 'its certificate is not valid yet', hint: 'Check the clock of this machine' },
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    reason: 'its certificate is for another name',
    hint: 'Name it as the certificate does',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: NO_HTTPS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_HTTPS,
};

function reasonOf(cause: unknown): Reason | undefined {
  if (!isNativeError(cause)) return undefined;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return (code === undefined ? undefined : REASONS[code]) ?? { reason: code ?? cause.message };
}

/** The api's report of the servers behind it, whether it is ready or not; undefined without an answer. */
export async function readinessOf(client: Client): Promise<Readiness | undefined> {
  const { data, error } = await getReadiness({ client }).catch(() => ({ data: undefined, error: undefined }));
  const told = data ?? error;
  return told !== undefined && 'temporal' in told ? told : undefined;
}
