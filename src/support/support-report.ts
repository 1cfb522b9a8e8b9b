import { Injectable } from '@nestjs/common';
import { shownConfig } from '../../contract/config/shown-config.js';
import type { Config } from '../../contract/config/schema.js';
import { hideSecrets } from '../../contract/hide-secrets.js';
import { isoTime } from '../../contract/iso-time.js';
import type { Support } from '../../contract/schemas/support.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { LifecycleWorkflows } from '../lifecycle/lifecycle-workflows.js';
import { Clock } from '../mechanics/clock.js';
import { inBatches } from '../mechanics/in-batches.js';
import { InjectConfig } from '../process/config.js';
import { RECENT_LINES } from '../process/recent-lines.js';
import { DatabaseProbe, TemporalProbe } from '../process/server-probe.js';
import { ROLLCALL_VERSION } from '../process/program.js';
import type { NodeRecord } from '../record/node-record.js';
import { ReconciliationStore } from '../reconciliation/reconciliation-store.js';

/** Age after which an unapplied decision counts as stuck, in milliseconds. */
const STUCK_AFTER_MS = 60_000;
const MOST_NODES = 100;
const ASKED_AT_ONCE = 8;

type Part = { value: unknown } | { failure: string };

/** Data for diagnosing faults, without secrets. Parts are read independently; one that cannot be read says why. */
@Injectable()
export class SupportReport {
  constructor(
    private readonly record: ReconciliationStore,
    private readonly signals: LifecycleSignals,
    private readonly workflows: LifecycleWorkflows,
    private readonly database: DatabaseProbe,
    private readonly temporal: TemporalProbe,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: Config,
  ) {}

  async read(): Promise<Support> {
    return {
      at: isoTime(this.clock.now()),
      versions: await part(() => this.versions()),
      configuration: await part(() => shownConfig(this.config)),
      log: await part(() => RECENT_LINES.all().map((line) => hideSecrets(line.trimEnd()))),
      stuck: await part(() => this.stuck()),
      workers: await part(() => this.temporal.workers()),
    };
  }

  private async versions(): Promise<Record<string, string>> {
    const { node, v8, openssl } = process.versions;
    const [mongodb, temporal] = await Promise.all(
      [this.database, this.temporal].map((server) =>
        server.version().catch((error: Error) => `unknown: ${hideSecrets(error.message)}`),
      ),
    );
    const system = `${process.platform} ${process.arch}`;
    return { rollcall: ROLLCALL_VERSION, node, v8, openssl, system, mongodb: mongodb ?? '', temporal: temporal ?? '' };
  }

  private async stuck(): Promise<unknown[]> {
    const before = this.clock.now() - STUCK_AFTER_MS;
    const unapplied = await this.record.unapplied([], MOST_NODES);
    const nodes = await this.record.read(unapplied.map(({ uid }) => uid));
    const stuck = nodes.filter(({ decision }) => latest(decision) < before);
    return inBatches(stuck, ASKED_AT_ONCE, async (node) => ({
      ...shown(node),
      runs: await part(() => this.workflows.incarnationOf(node.name)),
      workflow: await part(() => this.signals.queryLifecycle(node)),
    }));
  }
}

/** Time of the decision's latest ruling. */
function latest({ approval, availability, removal }: NodeRecord['decision']): number {
  return Math.max(approval.since, availability.since, removal?.since ?? 0);
}

/** A node without its credential. */
function shown({ credential: _key, info: _hardware, ...node }: NodeRecord) {
  return node;
}

async function part(read: () => unknown): Promise<Part> {
  try {
    return { value: await read() };
  } catch (error) {
    return { failure: hideSecrets((error as Error).message) };
  }
}
