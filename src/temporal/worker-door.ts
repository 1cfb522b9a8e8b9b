import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { ConfigError } from '../../contract/config/config-error.js';
import { inTime } from '../mechanics/in-time.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { measureReadiness } from '../process/readiness-metrics.js';
import type { VersionState } from './worker-version.js';

/** As the api's `/readyz`: who asks waits for a second, as a rule. In milliseconds. */
const ANSWERED_WITHIN_MS = 500;
/** Less than Prometheus waits by default, in milliseconds. */
const SDK_WITHIN_MS = 5_000;
const LOOPBACK = '127.0.0.1';

/** What the worker says of itself, once it has begun. */
export interface WorkerState {
  /** Whether it takes tasks. */
  isWorking(): boolean;
  /** Of its workflows. */
  version(): VersionState;
  /** Each rejects, with a sentence, where it does not answer. */
  checks: Readonly<Record<'mongodb' | 'temporal', () => Promise<void>>>;
}

/** Probes and metrics of a worker: `/livez`, `/readyz`, `/metrics`. It asks nobody who they are. */
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

  /** The worker has begun: this is what it says of itself from now on. */
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

  /** Ours are told without those of the SDK, too: a comment says why they are missing. */
  private async ofTheSdk(): Promise<string> {
    try {
      const answer = await fetch(`http://${this.sdkMetrics}/metrics`, { signal: AbortSignal.timeout(SDK_WITHIN_MS) });
      return await answer.text();
    } catch (error) {
      return `# The SDK's metrics cannot be read: ${(error as Error).message}\n`;
    }
  }
}

/** A free `address:port` of this machine's own, for the SDK, which takes no port 0. */
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
