import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Node } from '../../../client/index.js';
import { isCatchingUp, isHeardWhileWaiting, whyNotApplied } from '../../../contract/catching-up.js';
import { readinessQuery } from '../api/readiness-query.js';
import { LateDecision } from '../parts/late-decision.js';
import { Notice } from '../parts/notice.js';
import { plural } from '../parts/size-text.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { Age, Elapsed } from '../time/age.js';

/** Notices that a viewer of the node needs to see first. */
export function NodeNotices({ node }: { node: Node }) {
  const [first] = useState(node.uid);
  const notices = [
    ...(node.uid === first
      ? []
      : [
          <Notice
            role="status"
            key="other"
            kind="information"
            title="This is another node now"
          >{`The one that you were looking at has been removed, and another was registered as ${node.id}.`}</Notice>,
        ]),
    ...noticesAbout(node),
  ];
  return notices.length === 0 ? null : (
    <Stack gap="xs" mb="md">
      {notices}
    </Stack>
  );
}

function noticesAbout(node: Node): ReactNode[] {
  const { copied, phase, approval, warning, missedHeartbeats, overdue, lastHeartbeat, outdated } = node;
  const notices: ReactNode[] = [];
  if (copied) {
    notices.push(
      <Notice role="status" key="copied" kind="warn" title="Copied identity">
        {`${plural(copied.bootIds.length, 'machine')} beat with this node's identity, first seen `}
        <Age at={copied.since} />. It gets no new sessions until its token is regenerated and one machine has joined
        anew with it.
      </Notice>,
    );
  }
  if (phase === 'REGISTERED') {
    notices.push(
      <Notice role="status" key="registered" kind="information" title="Waiting for its agent">
        Its slot was made <Age at={node.createdAt} />. Start rollcall-agent on the target with the bootstrap token;
        where that is lost, regenerate it.
      </Notice>,
    );
  }
  if (phase === 'PENDING') {
    notices.push(
      <Notice role="status" key="pending" kind="warn" title="It waits for you">
        The node joined <Age at={node.joinedAt ?? node.createdAt} /> and does nothing until it is activated or rejected.
      </Notice>,
    );
  }
  if (phase === 'REJECTED') {
    notices.push(
      <Notice role="status" key="rejected" kind="warn" title={`Rejected by ${approval.by}`}>
        <Age at={approval.since} />
        {approval.reason === '' ? ', without a message.' : `: ${approval.reason}`}
      </Notice>,
    );
  }
  if (isHeardWhileWaiting(node)) {
    notices.push(
      <Notice role="status" key="waiting" kind="information" title="Approved, and heard since">
        Its process has not taken that up yet: it becomes active when it has.
      </Notice>,
    );
  } else if (phase === 'WAITING') {
    notices.push(
      <Notice role="status" key="waiting" kind="information" title="Approved, and not heard since">
        For <Elapsed since={approval.since} />. It becomes active with its next heartbeat.
      </Notice>,
    );
  }
  if (overdue) {
    notices.push(
      <Notice role="status" key="overdue" kind="warn" title="Whether it is healthy is not known">
        {'It has been silent for '}
        {lastHeartbeat === null ? 'longer' : <Elapsed since={lastHeartbeat} />}, longer than it may, and nobody has
        judged it yet.
      </Notice>,
    );
  } else if (warning) {
    notices.push(
      <Notice
        role="status"
        key="warning"
        kind="warn"
        title={`${plural(missedHeartbeats, 'heartbeat')} in a row missed`}
      >
        It still counts as healthy, but gets no new sessions until it is heard again.
      </Notice>,
    );
  }
  if (isCatchingUp(node)) notices.push(<CatchingUp key="catching-up" node={node} />);
  if (outdated) {
    notices.push(
      <Notice role="status" key="outdated" kind="information" title="Its agent is outdated">
        {`The agent is of version ${outdated.agent}, and the api of ${outdated.api}. It goes on as it is; upgrade it before the api's next version.`}
      </Notice>,
    );
  }
  return notices;
}

/** The last decision is in force but not applied: normal for a moment; after that the reason is shown. */
function CatchingUp({ node }: { node: Node }) {
  const { data } = useQuery({ ...readinessQuery, refetchInterval: usePollInterval() });
  return (
    <LateDecision
      node={node}
      soon={
        <Notice role="status" kind="information" title="The last decision is in force">
          The node's process is still catching up with it: what follows from the decision may take a moment.
        </Notice>
      }
    >
      {(stretch) => (
        <Notice kind="warn" title={`The last decision has not been applied for ${stretch}`}>
          {`It is in force, and nothing has followed from it. ${whyNotApplied(data)}`}
        </Notice>
      )}
    </LateDecision>
  );
}
