import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { ConfigError } from '../../contract/config/config-error.js';
import { inTime } from '../mechanics/in-time.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { measureReadiness } from '../process/readiness-metrics.js';
import type { VersionState } from './worker-version.js';

/** Time limit of a check, in milliseconds, like that of the api's `/readyz`: probes usually wait one second. */
const ANSWERED_WITHIN_MS = 500;
/** Time limit for the SDK's metrics, in milliseconds: less than Prometheus waits by default. */
const SDK_WITHIN_MS = 5_000;
const LOOPBACK = '127.0.0.1';

/** State of a worker that has started. */
export interface WorkerState {
  /** Whether it takes tasks. */
  isWorking(): boolean;
  /** Version of its workflows. */
  version(): VersionState;
  /** Each rejects, with a sentence as the message, where its server does not answer. */
  checks: Readonly<Record<'mongodb' | 'temporal', () => Promise<void>>>;
}

/** HTTP server of a worker: `/livez`, `/readyz`, `/metrics`. Without authentication. */
export class WorkerDoor {
  private state: WorkerState | undefined;

  private constructor(
    private readonly registry: MetricRegistry,
    private readonly sdkMetrics: string,
  ) {
    measureReadiness(registry, () => this.readiness());
  }

  /**
   * @param address `address:port` to listen at
   * @param registry our own metrics
   * @param sdkMetrics `address:port` where the SDK serves its metrics, which are shown beside our own
   * @throws ConfigError where it cannot listen there
   */
  static async open(address: string, registry: MetricRegistry, sdkMetrics: string): Promise<WorkerDoor> {
    const door = new WorkerDoor(registry, sdkMetrics);
    const server = createServer((request, response) => {
      void door.answer(request.url ?? '', response).catch(() => response.destroy());
    });
    const at = address.lastIndexOf(':');
    server.listen(Number(address.slice(at + 1)), address.slice(0, at).replace(/^\[|\]$/g, ''));
    try {
      await once(server, 'listening');
    } catch (error) {
      throw new ConfigError(
        `Orchestrator.Worker.MetricsAddress: nothing can be served at ${address} (${(error as NodeJS.ErrnoException).code}); name another address:port`,
        'Orchestrator.Worker.MetricsAddress',
      );
    }
    server.unref();
    return door;
  }

  /** Sets the state to report, once the worker has started. */
  show(state: WorkerState): void {
    this.state = state;
  }

  private async answer(path: string, response: ServerResponse): Promise<void> {
    switch (path.split('?')[0]) {
      case '/livez':
        return send(response, 200, { status: 'alive' });
      case '/readyz': {
        const readiness = await this.readiness();
        return send(response, readiness.ready ? 200 : 503, readiness);
      }
      case '/metrics':
        response.writeHead(200, { 'content-type': MetricRegistry.PROMETHEUS_CONTENT_TYPE }).end(await this.metrics());
        return undefined;
      default:
        return send(response, 404, { detail: 'there are /livez, /readyz and /metrics' });
    }
  }

  private async readiness() {
    const [mongodb, temporal] = await Promise.all([this.ask('mongodb'), this.ask('temporal')]);
    return { ready: this.state?.isWorking() ?? false, mongodb, temporal, version: this.state?.version() ?? null };
  }

  private async ask(server: keyof WorkerState['checks']): Promise<{ ok: boolean; detail: string }> {
    if (this.state === undefined) return { ok: false, detail: 'not asked yet' };
    try {
      await inTime(this.state.checks[server](), ANSWERED_WITHIN_MS, `no answer within ${ANSWERED_WITHIN_MS} ms`);
      return { ok: true, detail: 'answers' };
    } catch (error) {
      return { ok: false, detail: (error as Error).message };
    }
  }

  private async metrics(): Promise<string> {
    const [own, sdk] = await Promise.all([this.registry.metrics(), this.ofTheSdk()]);
    return `${own}\n${sdk}`;
  }

  /** The SDK's metrics; where they cannot be read, a comment in their place, so that our own metrics are still served. */
  private async ofTheSdk(): Promise<string> {
    try {
      const answer = await fetch(`http://${this.sdkMetrics}/metrics`, { signal: AbortSignal.timeout(SDK_WITHIN_MS) });
      return await answer.text();
    } catch (error) {
      return `# The SDK's metrics cannot be read: ${(error as Error).message}\n`;
    }
  }
}

/** A free `address:port` on the loopback interface, since the SDK does not accept port 0. */
export async function freeLoopbackAddress(): Promise<string> {
  const server = createTcpServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `${LOOPBACK}:${port}`;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
