import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Config } from '../../contract/config/schema.js';
import { AgentReports } from '../heartbeats/agent-reports.js';
import { HeartbeatService } from '../heartbeats/heartbeat.service.js';
import { RepeatedWork } from '../mechanics/repeated-work.js';
import { InjectConfig } from '../process/config.js';
import { OwnResources } from './own-resources.js';
import { RequesterNode } from './requester-node.js';

/** Pause between attempts while servers are unavailable, in milliseconds. */
const RETRY_MS = 1_000;

/** Heartbeats of this api replica as a node, by the same service as every other node's. */
@Injectable()
export class RequesterPresence implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(RequesterPresence.name);
  private readonly resources = new OwnResources();
  private readonly bootId = randomUUID();
  private readonly intervalMs: number;
  private seq = 0;
  private readonly beats = new RepeatedWork(() => this.beat(), {
    leave: () => this.sayGoodbye(),
    failed: (reason) => this.logger.debug({ msg: 'could not say goodbye', reason }),
  });

  constructor(
    private readonly own: RequesterNode,
    private readonly heartbeats: HeartbeatService,
    private readonly reports: AgentReports,
    private readonly http: HttpAdapterHost<FastifyAdapter>,
    @InjectConfig() { Compute }: Config,
  ) {
    this.intervalMs = Compute.Heartbeat.Interval;
  }

  onApplicationBootstrap(): void {
    this.beats.begin(0);
  }

  onModuleDestroy(): void {
    void this.beats.end();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.beats.end();
  }

  /** @returns the pause before the next heartbeat, in milliseconds */
  private async beat(): Promise<number> {
    try {
      const node = await this.own.findOrCreate();
      const resources = await this.resources.read(await this.connections());
      const { nextHeartbeatMs } = await this.heartbeats.receive(
        node,
        { bootId: this.bootId, seq: this.seq + 1, resources },
        null,
      );
      this.seq += 1;
      return nextHeartbeatMs;
    } catch (error) {
      this.logger.debug({
        msg: 'this replica could not beat its own heartbeat; trying again',
        reason: (error as Error).message,
      });
      return Math.min(RETRY_MS, this.intervalMs);
    }
  }

  private async sayGoodbye(): Promise<void> {
    if (this.seq === 0) return;
    const node = await this.own.findOrCreate();
    await this.reports.noteGoodbye(node, { bootId: this.bootId, reason: 'the api stops' }, null);
  }

  private connections(): Promise<number> {
    return new Promise((resolve) =>
      this.http.httpAdapter.getHttpServer().getConnections((error, count) => resolve(error ? 0 : count)),
    );
  }
}
