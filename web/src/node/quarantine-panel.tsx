import type { Node } from '../../../client/index.js';
import { Fact, Facts } from '../parts/facts.js';
import { Panel } from '../parts/panel.js';
import { Age, Countdown, ExactTime } from '../time/age.js';

/** The checks that keep the node out, or would, since when, and what would bring it back. */
export function QuarantinePanel({ node: { quarantine, heldBack, despite } }: { node: Node }) {
  if (!quarantine && !heldBack && !despite.length) return null;
  return (
    <Panel title="Quarantine">
      <Facts>
        {quarantine && (
          <>
            <Fact name="Since">
              <Age at={quarantine.since} /> by {quarantine.checks.join(', ')}
              {quarantine.reason !== '' && `: ${quarantine.reason}`}
            </Fact>
            <Fact name="Means">
              {quarantine.policy === 'drain'
                ? 'It gets no new sessions, and is drained.'
                : 'It gets no new sessions; running ones go on.'}
            </Fact>
            <Fact name="Ends">
              <Ending quarantine={quarantine} />
            </Fact>
          </>
        )}
        {heldBack && (
          <Fact name="Held back">
            <Age at={heldBack.since} />: {heldBack.reason}
          </Fact>
        )}
        {despite.length > 0 && (
          <Fact name="Despite">
            It was activated despite {despite.join(', ')}: nothing happens until that check has passed and fails again.
          </Fact>
        )}
      </Facts>
    </Panel>
  );
}

function Ending({ quarantine: { returnsAt, checks } }: { quarantine: NonNullable<Node['quarantine']> }) {
  if (returnsAt === null)
    return `When ${checks.join(' and ')} and all other relevant checks have passed for some time. Activate ends it at once.`;
  return (
    <>
      <strong className="numeric">
        <Countdown until={returnsAt} over="in a moment" />
      </strong>
      , at <ExactTime at={returnsAt} />, if its checks keep passing. Activate ends it at once.
    </>
  );
}
