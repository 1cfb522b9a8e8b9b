import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common';
import type { Connection, ScheduleClient, WorkflowClient } from '@temporalio/client';
import { CLUSTER_CLAIM_ID, CLUSTER_CLAIM_WORKFLOW } from '../../contract/temporal-names.js';
import { LIFECYCLE_WORKFLOW } from '../../contract/lifecycle.js';
import { ClusterIdentity } from '../cluster/cluster-identity.js';
import { SteadyClock } from '../mechanics/clock.js';
import { DatabaseProbe, TemporalProbe, type SeenWorker, type UntakenWork } from '../process/server-probe.js';
import { NodeStore } from '../record/node-store.js';
import { LifecycleUnavailable, PayloadUnreadable } from '../lifecycle/lifecycle-signals.js';
import { NamespaceTaken } from './namespace-taken.js';
import { isEncrypted, PayloadEncryption } from './payload-encryption.js';
import { ensureSearchAttributes, SearchAttributesMissing } from './search-attributes.js';
import { TemporalClient, type TemporalSettings } from './temporal-client.js';

/** A claim that was found ours is looked at again after so long, in milliseconds, while it is relied upon. */
const OURS_FOR_MS = 30_000;
/** A namespace that cannot be used is looked at again after so long, before anybody is told so again. In milliseconds. */
const UNUSABLE_FOR_MS = 5_000;
/** Of lifecycles that run without a claim, so many are looked at. */
const SAMPLE = 100;

type Finding = { usable: true; id: string; until: number } | { usable: false; why: Obstacle; until: number };

/** What only an operator can mend. */
type Obstacle = NamespaceTaken | SearchAttributesMissing | PayloadUnreadable;

/** Whose claim runs, and whether its memo can be read without a key. */
interface Claim {
  clusterId: string;
  isInClear: boolean;
}

/**
 * Temporal, for a cluster that its namespace belongs to. Names of workflows are names of nodes, so that two clusters in one namespace would
 * end each other's; the first claims it, by a workflow whose memo has its id, and the other says nothing there. See docs/adr/0022.
 */
@Injectable()
export class ClaimedTemporal extends TemporalProbe implements OnApplicationBootstrap {
  private readonly logger = new Logger('Temporal');
  private readonly clock = new SteadyClock();
  private finding: Finding | undefined;
  private asking: Promise<Finding> | undefined;

  constructor(
    private readonly client: TemporalClient,
    private readonly identity: ClusterIdentity,
    @Inject(NodeStore) private readonly nodes: Pick<NodeStore, 'findByUid'>,
    private readonly database: DatabaseProbe,
    private readonly encryption: PayloadEncryption,
  ) {
    super();
  }

  get workflows(): WorkflowClient {
    return this.client.workflows;
  }

  get schedules(): ScheduleClient {
    return this.client.schedules;
  }

  get settings(): TemporalSettings {
    return this.client.settings;
  }

  /** Whoever runs the process reads at its start whose the namespace is, and not when the first node comes. */
  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.clusterId()).catch(() => undefined);
  }

  /**
   * The cluster's id, once the namespace is claimed for it.
   * @throws NamespaceTaken, SearchAttributesMissing, PayloadUnreadable, LifecycleUnavailable where Temporal does not answer
   */
  async clusterId(): Promise<string> {
    return this.known() ?? idOf(await this.askOnce());
  }

  /** As TemporalClient's, where the namespace is ours. @throws NamespaceTaken, SearchAttributesMissing, PayloadUnreadable besides */
  async call<Result>(
    request: (connection: Connection) => Promise<Result>,
    expected: readonly (abstract new (...args: never[]) => Error)[] = [],
  ): Promise<Result> {
    if (this.known() === undefined) await this.clusterId();
    return this.client.call(request, expected);
  }

  async check(): Promise<void> {
    await this.client.check();
    await this.clusterId().catch((error: unknown) => {
      // While MongoDB is away, nobody knows whose the namespace is: that is not Temporal's fault.
      if (error instanceof LifecycleUnavailable) throw error;
    });
  }

  override assertReadable(): void {
    this.encryption.assertReadable();
  }

  override version(): Promise<string> {
    return this.client.version();
  }

  override workers(): Promise<SeenWorker[]> {
    return this.client.workers();
  }

  override untaken(): Promise<UntakenWork | undefined> {
    return this.client.untaken();
  }

  /** What was found; undefined where that has to be asked for. What was ours is relied upon while it is looked at again. */
  private known(): string | undefined {
    const { finding } = this;
    if (finding === undefined) return undefined;
    const isFresh = this.clock.now() < finding.until;
    if (!finding.usable && !isFresh) return undefined;
    if (!isFresh) this.askOnce().catch(() => undefined);
    return idOf(finding);
  }

  private askOnce(): Promise<Finding> {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask(): Promise<Finding> {
    const id = await this.identity.id();
    const finding = await this.look(id);
    const earlier = this.finding;
    if (finding.usable && earlier?.usable === false)
      this.logger.log({ msg: 'the namespace is this cluster’s now', namespace: this.settings.namespace, cluster: id });
    if (!finding.usable && (earlier?.usable !== false || earlier.why.message !== finding.why.message))
      this.logger.error({ msg: finding.why.message, cluster: id });
    this.finding = finding;
    return finding;
  }

  private async look(id: string): Promise<Finding> {
    try {
      const claimant = await this.claimant(id);
      if (claimant === id) return { usable: true, id, until: this.clock.now() + OURS_FOR_MS };
      throw new NamespaceTaken(this.settings.address, this.settings.namespace, claimant);
    } catch (error) {
      if (
        !(error instanceof NamespaceTaken) &&
        !(error instanceof SearchAttributesMissing) &&
        !(error instanceof PayloadUnreadable)
      )
        throw error;
      return { usable: false, why: error, until: this.clock.now() + UNUSABLE_FOR_MS };
    }
  }

  /** Whose the namespace is; ours from now on where it was nobody's. */
  private async claimant(id: string): Promise<string> {
    const claim = await this.running();
    if (claim !== null && claim.clusterId !== id) return claim.clusterId;
    await ensureSearchAttributes(this.client);
    if (claim === null) return this.claim(id);
    // Who has no key is to find that out by the claim, and to leave alone what else it could not read.
    if (claim.isInClear && this.encryption.isOn) await this.startClaim(id, 'TERMINATE_EXISTING');
    return id;
  }

  /** Whose claim runs; null where none does. */
  private async running(): Promise<Claim | null> {
    try {
      const { status, memo, raw } = await this.client.call(
        () => this.workflows.getHandle(CLUSTER_CLAIM_ID).describe(),
        [WorkflowNotFoundError],
      );
      if (status.name !== 'RUNNING') return null;
      const written = raw.workflowExecutionInfo?.memo?.fields?.['clusterId'];
      return {
        clusterId:
          typeof memo?.['clusterId'] === 'string'
            ? memo['clusterId']
            : `workflow ${CLUSTER_CLAIM_ID} says not whose it is`,
        isInClear: !isEncrypted({ metadata: written?.metadata ?? null }),
      };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  /** @returns whose it is then: another may have been first, by its claim or by what it runs there */
  private async claim(id: string): Promise<string> {
    const others = await this.othersLifecycle(id);
    if (others !== undefined) return others;
    try {
      await this.startClaim(id, 'FAIL');
      return id;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      return (await this.running())?.clusterId ?? id;
    }
  }

  /** @param conflict what becomes of the one that runs: to take its place leaves no moment without */
  private async startClaim(id: string, conflict: 'FAIL' | 'TERMINATE_EXISTING'): Promise<void> {
    await this.client.call(
      () =>
        this.workflows.start(CLUSTER_CLAIM_WORKFLOW, {
          workflowId: CLUSTER_CLAIM_ID,
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowIdConflictPolicy: conflict,
          taskQueue: this.settings.taskQueue,
          args: [],
          memo: { clusterId: id },
          staticSummary: `This namespace belongs to cluster ${id}`,
          staticDetails:
            'Another cluster needs a namespace of its own. While this workflow runs, no other starts lifecycles here.',
        }),
      [WorkflowExecutionAlreadyStartedError],
    );
  }

  /** A cluster of before there were claims runs lifecycles here, and none of those that were looked at is ours: which one. */
  private async othersLifecycle(id: string): Promise<string | undefined> {
    const query = `WorkflowType = '${LIFECYCLE_WORKFLOW}' AND ExecutionStatus = 'Running'`;
    const running = this.workflows.list({ query, pageSize: SAMPLE })[Symbol.asyncIterator]();
    let others: string | undefined;
    for (let count = 0; count < SAMPLE; count += 1) {
      const step = await this.client.call(() => running.next());
      if (step.done) break;
      const { clusterId, uid } = step.value.memo ?? {};
      const isOurs =
        typeof clusterId === 'string'
          ? clusterId === id
          : typeof uid === 'string' && (await this.nodes.findByUid(uid)) !== null;
      if (isOurs) return undefined;
      others ??= `${typeof clusterId === 'string' ? `${clusterId}; ` : ''}its workflow ${step.value.workflowId} runs there`;
    }
    return others;
  }
}

function idOf(finding: Finding): string {
  if (finding.usable) return finding.id;
  throw finding.why;
}
