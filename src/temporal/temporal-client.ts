import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  ScheduleClient,
  WorkflowClient,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { formatDuration } from '../../contract/duration.js';
import { SILENCE_SWEEPER_ID } from '../../contract/temporal-names.js';
import { TemporalProbe, type SeenWorker, type UntakenWork } from '../process/server-probe.js';
import { tracing } from '../tracing/tracing.js';
import { TemporalAccess } from './temporal-access.js';
import { PayloadEncryption } from './payload-encryption.js';
import { pollingWorkers } from './polling-workers.js';
import { untakenSweep } from './untaken-work.js';
import { temporalFailure } from './temporal-failure.js';

/** Deadline of a request, in milliseconds. Short, since people wait, and the reconciler makes up for failures. */
const DEADLINE_MS = 2_000;

/** Attempts per request, the first retry after 100 ms and later ones with growing pauses. */
const RETRIES = 4;

/** Injection token of the settings. */
export const TEMPORAL_SETTINGS = Symbol('TemporalSettings');

export interface TemporalSettings {
  /** host:port */
  address: string;
  namespace: string;
  taskQueue: string;
}

/** A connection with its requests in flight. */
interface Line {
  connection: Connection;
  workflows: WorkflowClient;
  schedules: ScheduleClient;
  underWay: Set<Promise<unknown>>;
}

/**
 * The connection to Temporal, made when it is first needed and again whenever it breaks, so that a process starts without Temporal. A renewed
 * certificate gets a new connection, while requests in flight finish over the old one.
 */
@Injectable()
export class TemporalClient extends TemporalProbe implements OnApplicationShutdown {
  private line: Line;
  private readonly stopListening: () => void;
  private hangingUp: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(TEMPORAL_SETTINGS) readonly settings: TemporalSettings,
    private readonly access: TemporalAccess,
    private readonly encryption: PayloadEncryption,
  ) {
    super();
    this.line = this.newLine();
    let { tls, metadata } = access.passes;
    this.stopListening = access.onChange(() => {
      // A renewed API key needs no new connection: it is read for each request.
      if (isDeepStrictEqual([tls, metadata], [access.passes.tls, access.passes.metadata])) return;
      ({ tls, metadata } = access.passes);
      const earlier = this.line;
      this.line = this.newLine();
      this.hangingUp = Promise.all([this.hangingUp, hangUp(earlier)]);
    });
  }

  get workflows(): WorkflowClient {
    return this.line.workflows;
  }

  get schedules(): ScheduleClient {
    return this.line.schedules;
  }

  /**
   * Makes requests within the deadline.
   * @throws LifecycleUnavailable where Temporal does not answer; LifecycleRefused where it refuses on behalf of the workflow; errors that
   * `expected` names are passed on unchanged
   */
  async call<Result>(
    request: (connection: Connection) => Promise<Result>,
    expected: readonly (abstract new (...args: never[]) => Error)[] = [],
  ): Promise<Result> {
    const { connection, underWay } = this.line;
    const answer = connection.withDeadline(Date.now() + DEADLINE_MS, () => request(connection));
    underWay.add(answer);
    try {
      return await answer;
    } catch (error) {
      if (expected.some((kind) => error instanceof kind)) throw error;
      throw temporalFailure(error, this.settings.address, formatDuration(DEADLINE_MS));
    } finally {
      underWay.delete(answer);
    }
  }

  async check(): Promise<void> {
    await this.call(({ workflowService }) => workflowService.describeNamespace({ namespace: this.settings.namespace }));
  }

  override async version(): Promise<string> {
    const { serverVersion } = await this.call(({ workflowService }) => workflowService.getSystemInfo({}));
    return serverVersion ?? 'unknown';
  }

  override workers(): Promise<SeenWorker[]> {
    return this.call(({ workflowService }) => pollingWorkers(workflowService, this.settings));
  }

  override async untaken(): Promise<UntakenWork | undefined> {
    try {
      const sweeper = this.workflows.getHandle(SILENCE_SWEEPER_ID);
      return await this.call(() => untakenSweep(sweeper), [WorkflowNotFoundError]);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      // The first worker starts the sweeper: without a sweep, polling workers are the only sign of a running one.
      return (await this.workers()).length > 0 ? undefined : { what: 'the first sweep', since: null };
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopListening();
    await Promise.all([this.hangingUp, hangUp(this.line)]);
  }

  private newLine(): Line {
    const { tls, metadata, apiKey } = this.access.passes;
    const connection = Connection.lazy({
      address: this.settings.address,
      tls: tls ?? false,
      ...(metadata !== undefined && { metadata }),
      ...(apiKey !== undefined && { apiKey: () => this.access.passes.apiKey ?? '' }),
      // By default, gRPC waits up to two minutes before it reconnects.
      channelArgs: { 'grpc.initial_reconnect_backoff_ms': 250, 'grpc.max_reconnect_backoff_ms': 3_000 },
      // By default, the SDK retries beyond the deadline. A few quick retries are meant for a broken connection, not for an outage.
      interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: RETRIES }))],
    });
    const workflows = new WorkflowClient({
      connection,
      namespace: this.settings.namespace,
      queryRejectCondition: 'NOT_OPEN',
      dataConverter: this.encryption.clientConverter,
      ...(tracing && { interceptors: [tracing.client] }),
    });
    const schedules = new ScheduleClient({
      connection,
      namespace: this.settings.namespace,
      dataConverter: this.encryption.clientConverter,
    });
    return { connection, workflows, schedules, underWay: new Set() };
  }
}

/** Closes a connection after its requests in flight: retrying one on a closed connection would throw an uncatchable error. */
async function hangUp({ connection, underWay }: Line): Promise<void> {
  await Promise.allSettled(underWay);
  await connection.close();
}
