import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NativeConnection, WorkerDeploymentOptions } from '@temporalio/worker';
import { deploymentRouting, hasWorkerVersioning, type DeploymentRouting } from './deployment-routing.js';

/** The workflow code, bundled at build time. */
export type WorkflowBundle = { codePath: string } | { code: string };

/** Length of the hash in hexadecimal digits: collisions are unlikely below sixteen million builds. */
const BUILD_ID_LENGTH = 12;
/** First server version on which a pinned run may continue as new on another worker version. */
const UPGRADES_AT_CONTINUE_AS_NEW = [1, 31] as const;
const LOOK_EVERY_MS = 10_000;
/** Time between looks until the current version is known, in milliseconds. */
const LOOK_FIRST_MS = 500;
const ANSWERED_WITHIN_MS = 5_000;

/** What a worker reports of its version. */
export interface VersionState {
  buildId: string;
  /** Null where worker versioning is not used. */
  deployment: string | null;
  /** Whether new runs, and runs that change over, come to this version. */
  current: boolean;
  detail: string;
}

/**
 * The version of this process's workflows. The build id is a hash of their code, so builds with the same workflows are the same version. With
 * a deployment, Temporal routes work by version; the very first version makes itself current, later ones wait to be made current. See
 * docs/adr/0033.
 */
export class WorkerVersion {
  private readonly logger = new Logger(WorkerVersion.name);
  private known: VersionState;

  private constructor(
    readonly buildId: string,
    private readonly deployment: string | undefined,
    private readonly namespace: string,
  ) {
    this.known =
      deployment === undefined ? this.unversioned('takes no part in worker versioning') : this.beginning(deployment);
  }

  /** @param deployment undefined without worker versioning */
  static async of(bundle: WorkflowBundle, deployment: string | undefined, namespace: string): Promise<WorkerVersion> {
    const code = 'code' in bundle ? bundle.code : await readFile(bundle.codePath);
    const buildId = createHash('sha256').update(code).digest('hex').slice(0, BUILD_ID_LENGTH);
    return new WorkerVersion(buildId, deployment, namespace);
  }

  get state(): VersionState {
    return this.known;
  }

  /**
   * Deployment options of the SDK's workers on this server; undefined without worker versioning.
   * @throws where Temporal does not answer
   */
  async options(connection: NativeConnection): Promise<WorkerDeploymentOptions | undefined> {
    const { deployment, buildId } = this;
    if (deployment === undefined) return undefined;
    if (!(await this.inTime(connection, (service) => hasWorkerVersioning(service, this.namespace)))) {
      this.known = this.unversioned('takes no part in worker versioning: the server has none for this namespace');
      this.logger.warn({ msg: 'Temporal has no worker versioning for this namespace: working without', deployment });
      return undefined;
    }
    this.known = this.beginning(deployment);
    const { serverVersion } = await this.inTime(connection, (service) => service.getSystemInfo({}));
    return {
      version: { deploymentName: deployment, buildId },
      useWorkerVersioning: true,
      // An older server would keep pinned runs on their version for ever; changing over mid-run is better.
      defaultVersioningBehavior: isAtLeast(serverVersion, UPGRADES_AT_CONTINUE_AS_NEW) ? 'PINNED' : 'AUTO_UPGRADE',
    };
  }

  /** Follows and logs this version's state until the signal aborts. Never rejects. */
  async keepLooking(connection: NativeConnection, signal: AbortSignal): Promise<void> {
    const { deployment } = this;
    if (deployment === undefined) return;
    while (!signal.aborted) {
      // Outages of Temporal are reported elsewhere.
      const isKnown = await this.look(connection, deployment).catch(() => false);
      await pause(isKnown ? LOOK_EVERY_MS : LOOK_FIRST_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** @returns whether this version's state is known */
  private async look(connection: NativeConnection, deployment: string): Promise<boolean> {
    const { buildId, namespace } = this;
    const routing = await this.inTime(connection, (service) => deploymentRouting(service, namespace, deployment));
    if (routing === null) return false;
    if (!routing.isDecided && routing.ramping === null) {
      const first = { namespace, deploymentName: deployment, buildId, conflictToken: routing.token };
      await this.inTime(connection, (service) =>
        service.setWorkerDeploymentCurrentVersion({ ...first, identity: 'rollcall-worker' }),
      );
      return false;
    }
    const state = this.stateIn(routing, deployment);
    if (state.detail !== this.known.detail)
      this.logger.log({ msg: `this worker’s version ${state.detail}`, buildId, deployment });
    this.known = state;
    return true;
  }

  private inTime<Answer>(
    connection: NativeConnection,
    request: (service: NativeConnection['workflowService']) => Promise<Answer>,
  ): Promise<Answer> {
    return connection.withDeadline(Date.now() + ANSWERED_WITHIN_MS, () => request(connection.workflowService));
  }

  private stateIn({ current, ramping }: DeploymentRouting, deployment: string): VersionState {
    const { buildId } = this;
    const state = (isCurrent: boolean, detail: string) => ({ buildId, deployment, current: isCurrent, detail });
    if (current === buildId)
      return state(true, ramping === null ? 'is current' : `is current, and ${ramping.buildId} ramps up`);
    if (ramping?.buildId === buildId) return state(false, `ramps up: ${ramping.percent} % of lifecycles are its own`);
    const make = `temporal worker deployment set-current-version --namespace ${this.namespace} --deployment-name ${deployment} --build-id ${buildId}`;
    return state(
      false,
      `is not current: ${current === null ? 'workers without a version are' : `${current} is`}; to make it so: ${make}`,
    );
  }

  private beginning(deployment: string): VersionState {
    return { buildId: this.buildId, deployment, current: false, detail: 'begins' };
  }

  private unversioned(detail: string): VersionState {
    return { buildId: this.buildId, deployment: null, current: true, detail };
  }
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
