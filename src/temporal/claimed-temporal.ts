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

/** How long a claim that is ours counts as fresh, in milliseconds; after that it is checked again in the background. */
const OURS_FOR_MS = 30_000;
/** How long a namespace counts as unusable without being checked again, in milliseconds. */
const UNUSABLE_FOR_MS = 5_000;
/** Number of lifecycles examined where the namespace has no claim. */
const SAMPLE = 100;

type Finding = { usable: true; id: string; until: number } | { usable: false; why: Obstacle; until: number };

/** Errors that only an operator can fix. */
type Obstacle = NamespaceTaken | SearchAttributesMissing | PayloadUnreadable;

/** The running claim's cluster, and whether its memo is unencrypted. */
interface Claim {
  clusterId: string;
  isInClear: boolean;
}

/**
 * Access to Temporal in a namespace that this cluster owns. Workflow ids are made of node names, so two clusters in one namespace would end
 * each other's workflows: the first claims it, by a workflow whose memo has the cluster's id, and any other is refused. See docs/adr/0022.
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

  /** Claims the namespace at start, so that a conflict is logged then and not when the first node joins. */
  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.clusterId()).catch(() => undefined);
  }

  /**
   * The cluster's id, once the namespace is claimed.
   * @throws NamespaceTaken, SearchAttributesMissing, PayloadUnreadable; LifecycleUnavailable where Temporal does not answer
   */
  async clusterId(): Promise<string> {
    return this.known() ?? idOf(await this.askOnce());
  }

  /** Like TemporalClient.call, in a namespace that is ours. @throws also NamespaceTaken, SearchAttributesMissing, PayloadUnreadable */
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
      // While MongoDB is unavailable, the cluster's id is unknown: that is not Temporal's fault.
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

  /** The last finding; undefined where Temporal has to be asked. A claim that was ours is relied upon while it is checked again. */
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

  /** The cluster that owns the namespace. Claims an unowned one. */
  private async claimant(id: string): Promise<string> {
    const claim = await this.running();
    if (claim !== null && claim.clusterId !== id) return claim.clusterId;
    await ensureSearchAttributes(this.client);
    if (claim === null) return this.claim(id);
    // An encrypted claim stops a process without the key right here, before it meets other payloads that it cannot read.
    if (claim.isInClear && this.encryption.isOn) await this.startClaim(id, 'TERMINATE_EXISTING');
    return id;
  }

  /** The running claim; null where there is none. */
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

  /** @returns the owner: another cluster, where it was first or runs lifecycles there */
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

  /** @param conflict what happens to a running claim: terminating it in the same step leaves no moment without one */
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

  /** Detects another cluster that has no claim, from before claims existed: lifecycles run here, and none of the sample is ours. */
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
