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

/** How long a request may take: its caller has somebody waiting, and the reconciler behind it. In milliseconds. */
const DEADLINE_MS = 2_000;

/** After a tenth of a second, and then after somewhat longer each time. */
const RETRIES = 4;

/** What the settings are provided under. */
export const TEMPORAL_SETTINGS = Symbol('TemporalSettings');

export interface TemporalSettings {
  /** host:port */
  address: string;
  namespace: string;
  taskQueue: string;
}

/** One connection, and the requests that are under way over it. */
interface Line {
  connection: Connection;
  workflows: WorkflowClient;
  schedules: ScheduleClient;
  underWay: Set<Promise<unknown>>;
}

/**
 * The connection to Temporal, made when it is first needed and again whenever it breaks: whether Temporal is up when
 * this process starts does not matter. A renewed certificate gets a connection of its own, while what is under way ends over the earlier one.
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
      // The API key is asked for with each request.
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
   * Makes requests that have to be done in time.
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where it does, and the workflow does not take it; errors
   * that `expected` names pass as they are
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
      // The first worker begins the sweeps: as long as there are none, whoever works asks for work at least.
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
      // gRPC would wait up to two minutes before it tries a server that was away again.
      channelArgs: { 'grpc.initial_reconnect_backoff_ms': 250, 'grpc.max_reconnect_backoff_ms': 3_000 },
      // The SDK would go on trying beyond the deadline: a few quick tries are for a connection that broke, not for an outage.
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

/** Requests that are under way end first: one that was to be tried again would throw where nobody can catch it. */
async function hangUp({ connection, underWay }: Line): Promise<void> {
  await Promise.allSettled(underWay);
  await connection.close();
}
