import { useState } from 'react';
import type { Node } from '../../../client/index.js';
import { sentenceOf } from '../api/api-failure.js';
import { sendDecision, useRefreshNodes, type WantedDecision } from '../api/use-decision.js';

/** Outcome for one node. */
export type BulkOutcome = { ok: true } | { ok: false; why: string };

/** Maximum number of concurrent decisions: enough to be quick, few enough to leave the api to others. */
const AT_ONCE = 6;

/** The same decision about many nodes, one request each; a failure does not stop the others. */
export function useBulkDecision() {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, BulkOutcome>>(new Map());
  const [running, setRunning] = useState(false);
  const refresh = useRefreshNodes();

  const run = async (nodes: readonly Node[], decision: WantedDecision) => {
    setRunning(true);
    const queue = [...nodes];
    const work = async () => {
      for (let node = queue.shift(); node; node = queue.shift()) {
        const { uid, id } = node;
        const outcome: BulkOutcome = await sendDecision(id, decision).then(
          () => ({ ok: true as const }),
          (error: unknown) => ({ ok: false as const, why: sentenceOf(error) }),
        );
        setOutcomes((before) => new Map(before).set(uid, outcome));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    setRunning(false);
    refresh();
  };
  return { outcomes, running, run };
}
