import type { Node } from '../../../client/index.js';
import { Countdown } from '../time/age.js';

/** Beside a phase: when the node goes out, or comes back, by itself. */
export function PlanMark({ node: { until, planned } }: { node: Pick<Node, 'until' | 'planned'> }) {
  return (
    <>
      {until && (
        <small className="live numeric">
          back in <Countdown until={until} over="a moment" />
        </small>
      )}
      {planned && (
        <small className="live numeric">
          out in <Countdown until={planned.at} over="a moment" />
        </small>
      )}
    </>
  );
}
