import { CLUSTER_CLAIM_WORKFLOW, SILENCE_SWEEPER_WORKFLOW } from '../../contract/temporal-names.js';
import { AGENT_UPDATE_WORKFLOW, DRAIN_SET_WORKFLOW } from '../../contract/drain-set.js';
import { LIFECYCLE_WORKFLOW } from '../../contract/lifecycle.js';
import { WINDOW_WORKFLOW } from '../../contract/maintenance-window.js';
import { WEBHOOK_LINE_WORKFLOW } from '../../contract/webhooks.js';
import { LifecycleUnavailable } from '../lifecycle/lifecycle-signals.js';

/** Visibility query for all workflows of a cluster. */
export const WORKFLOWS_OF_A_CLUSTER = `WorkflowType IN (${[LIFECYCLE_WORKFLOW, DRAIN_SET_WORKFLOW, AGENT_UPDATE_WORKFLOW, SILENCE_SWEEPER_WORKFLOW, CLUSTER_CLAIM_WORKFLOW, WEBHOOK_LINE_WORKFLOW, WINDOW_WORKFLOW].map((type) => `'${type}'`).join(', ')})`;

/** The namespace belongs to another cluster: its workflows are left alone, and none is started beside them. */
export class NamespaceTaken extends LifecycleUnavailable {
  override readonly name = 'NamespaceTaken';

  /** @param by the owner, in words */
  constructor(address: string, namespace: string, by: string) {
    super(
      `namespace "${namespace}" of Temporal at ${address} is another cluster's (${by}); this one says nothing to its workflows and starts none. ` +
        'Give this cluster a namespace of its own (Orchestrator.Temporal.Namespace). Should the other be gone, or have been this one before its database was lost, end what is left of it: ' +
        `temporal workflow terminate --address ${address} --namespace ${namespace} --query "${WORKFLOWS_OF_A_CLUSTER}"`,
    );
  }
}
