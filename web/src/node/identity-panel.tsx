import { Anchor, Code, Group } from '@mantine/core';
import type { Node } from '../../../client/index.js';
import { CopyButton } from '../parts/copy-button.js';
import { Icon } from '../parts/icon.js';
import { Age, ExactTime } from '../time/age.js';
import { Fact, Facts } from '../parts/facts.js';
import { Panel } from '../parts/panel.js';

/** A node's identity in the cluster, and a link to its workflow. */
export function IdentityPanel({
  node: { id, uid, type, removeAfter, createdAt, joinedAt, lastHeartbeat, workflow, decision },
}: {
  node: Node;
}) {
  const link = workflow.url !== null && /^https?:/.test(workflow.url) ? workflow.url : null;
  return (
    <Panel title="Identity">
      <Facts>
        <Fact name="ID">{id}</Fact>
        <Fact name="UID">
          <Group gap="xs">
            <Code>{uid}</Code>
            <CopyButton text={uid} label="Copy the UID" size="compact-xs" />
          </Group>
        </Fact>
        <Fact name="Type">{type === 'Requester' ? 'Requester: a replica of the api' : type}</Fact>
        <Fact name="Created">
          <Moment at={createdAt} />
        </Fact>
        {type === 'Compute' && <Fact name="Joined">{joinedAt === null ? 'not yet' : <Moment at={joinedAt} />}</Fact>}
        {removeAfter && <Fact name="Ephemeral">removed once it has been unknown for {removeAfter}</Fact>}
        <Fact name="Last heartbeat">{lastHeartbeat === null ? 'never' : <Moment at={lastHeartbeat} />}</Fact>
        <Fact name="Decisions">
          {decision.seq === decision.appliedSeq
            ? `${decision.seq}, all applied`
            : `${decision.seq}, of which ${decision.appliedSeq} applied`}
        </Fact>
        <Fact name="Workflow">
          {link === null ? (
            <Code>{workflow.id}</Code>
          ) : (
            <Anchor size="sm" href={link} target="_blank" rel="noreferrer" title="Opens in the Temporal Web UI">
              {workflow.id} <Icon name="external" size={14} />
            </Anchor>
          )}
        </Fact>
      </Facts>
    </Panel>
  );
}

function Moment({ at }: { at: string }) {
  return (
    <>
      <ExactTime at={at} /> (<Age at={at} />)
    </>
  );
}
