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
          >{`The node that you were looking at has been removed, and another was registered as ${node.id}.`}</Notice>,
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
        with the new one.
      </Notice>,
    );
  }
  if (phase === 'REGISTERED') {
    notices.push(
      <Notice role="status" key="registered" kind="information" title="Waiting for its agent">
        Its slot was created <Age at={node.createdAt} />. Start rollcall-agent on the target with the bootstrap token;
        if the token is lost, regenerate it.
      </Notice>,
    );
  }
  if (phase === 'PENDING') {
    notices.push(
      <Notice role="status" key="pending" kind="warn" title="Waiting for you">
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
        The approval is not applied yet; the node becomes active when it is.
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
      <Notice role="status" key="overdue" kind="warn" title="Its health is not known">
        {'It has been silent for '}
        {lastHeartbeat === null ? 'longer' : <Elapsed since={lastHeartbeat} />}, longer than its timeout, and has not
        been judged yet.
      </Notice>,
    );
  } else if (warning) {
    notices.push(
      <Notice
        role="status"
        key="warning"
        kind="warn"
        title={`${plural(missedHeartbeats, 'heartbeat')} missed in a row`}
      >
        It still counts as healthy, but gets no new sessions until its next heartbeat.
      </Notice>,
    );
  }
  if (isCatchingUp(node)) notices.push(<CatchingUp key="catching-up" node={node} />);
  if (outdated) {
    notices.push(
      <Notice role="status" key="outdated" kind="information" title="Its agent is outdated">
        {`The agent has version ${outdated.agent}, and the api ${outdated.api}. It still works; upgrade it before the api's next version.`}
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
          It is being applied; this may take a moment.
        </Notice>
      }
    >
      {(stretch) => (
        <Notice kind="warn" title={`The last decision has not been applied for ${stretch}`}>
          {`It is in force, but has had no effect yet. ${whyNotApplied(data)}`}
        </Notice>
      )}
    </LateDecision>
  );
}
