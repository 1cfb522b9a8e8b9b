import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor, WorkflowClient } from '@temporalio/client';
import { formatDuration } from '../../contract/duration.js';
import { TemporalProbe } from '../process/server-probe.js';
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

/**
 * The connection to Temporal, made when it is first needed and again whenever it breaks: whether Temporal is up when
 * this process starts does not matter.
 */
@Injectable()
export class TemporalClient extends TemporalProbe implements OnApplicationShutdown {
  private readonly connection: Connection;
  private readonly underWay = new Set<Promise<unknown>>();
  readonly workflows: WorkflowClient;

  constructor(@Inject(TEMPORAL_SETTINGS) readonly settings: TemporalSettings) {
    super();
    this.connection = Connection.lazy({
      address: settings.address,
      // gRPC would wait up to two minutes before it tries a server that was away again.
      channelArgs: { 'grpc.initial_reconnect_backoff_ms': 250, 'grpc.max_reconnect_backoff_ms': 3_000 },
      // The SDK would go on trying beyond the deadline: a few quick tries are for a connection that broke, not for an outage.
      interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: RETRIES }))],
    });
    this.workflows = new WorkflowClient({
      connection: this.connection,
      namespace: settings.namespace,
      queryRejectCondition: 'NOT_OPEN',
    });
  }

  /**
   * Makes requests that have to be done in time.
   * @throws LifecycleUnavailable where Temporal does not answer, LifecycleRefused where it does, and the workflow does not take it; errors
   * that `expected` names pass as they are
   */
  async call<Result>(
    request: () => Promise<Result>,
    expected: readonly (abstract new (...args: never[]) => Error)[] = [],
  ): Promise<Result> {
    const answer = this.connection.withDeadline(Date.now() + DEADLINE_MS, request);
    this.underWay.add(answer);
    try {
      return await answer;
    } catch (error) {
      if (expected.some((kind) => error instanceof kind)) throw error;
      throw temporalFailure(error, this.settings.address, formatDuration(DEADLINE_MS));
    } finally {
      this.underWay.delete(answer);
    }
  }

  async check(): Promise<void> {
    await this.call(() => this.connection.workflowService.describeNamespace({ namespace: this.settings.namespace }));
  }

  /** Requests that are under way end first: one that was to be tried again would throw where nobody can catch it. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.underWay);
    await this.connection.close();
  }
}
