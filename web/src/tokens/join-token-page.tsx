import { Anchor, Breadcrumbs, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { JoinToken, TokenUse } from '../../../client/index.js';
import { whyNotAnywhere, whyNotByRole } from '../actions/offered-action.js';
import { ApiFailure } from '../api/api-failure.js';
import { nodePath } from '../nodes/node-path.js';
import { ActionButton } from '../parts/action-button.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState, RoleWall } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Fact, Facts } from '../parts/facts.js';
import { LabelList } from '../parts/label-list.js';
import { Loading } from '../parts/loading.js';
import { PagedList } from '../parts/paged-list.js';
import { Panel } from '../parts/panel.js';
import { countText } from '../parts/size-text.js';
import { useAddress } from '../parts/use-address.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age, ExactTime } from '../time/age.js';
import { joinTokenName } from './join-token-path.js';
import { RevokeDialog } from './revoke-dialog.js';
import { TokenStateWord, whyNotRevoked } from './token-state-word.js';
import { joinTokenQuery, joinTokenUsesQuery } from './token-queries.js';
import { Until } from './until.js';

/** One join token: what it admits, and who joined with it. */
export default function JoinTokenPage({ id }: { id: string }) {
  const login = useLogin();
  const whyNot = whyNotAnywhere(login);
  return (
    <>
      <Breadcrumbs mb={4} component="nav" aria-label="Where this is" separatorMargin="xs">
        <Anchor component={Link} href="/join-tokens" size="sm">
          Join tokens
        </Anchor>
        <Text size="sm" c="dimmed">
          {id}
        </Text>
      </Breadcrumbs>
      {whyNot === undefined ? (
        <LoadedToken id={id} />
      ) : (
        <>
          <PageHeading title="Join token" />
          <RoleWall what="join tokens" whyNot={whyNot} />
        </>
      )}
    </>
  );
}

function LoadedToken({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({ ...joinTokenQuery(id), refetchInterval: usePollInterval() });
  if (data) return <ShownToken token={data} />;
  const gone = error instanceof ApiFailure && (error.code === 'NOT_FOUND' || error.code === 'VALIDATION_FAILED');
  return (
    <>
      <PageHeading title="Join token" />
      {gone ? (
        <EmptyState icon="search" title={`There is no join token ${id}`}>
          The link may be wrong, or its record has expired.
        </EmptyState>
      ) : error ? (
        <ErrorState title="The join token could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading what="join token" />
      )}
    </>
  );
}

const APPROVES = new Map([
  [true, 'yes: nodes that join with it are approved'],
  [false, 'no: nodes that join with it wait for an administrator'],
]);

function ShownToken({ token }: { token: JoinToken }) {
  const login = useLogin();
  const [revoking, setRevoking] = useState(false);
  const { id, uses, maxUses, expiresAt, namePattern, labels, autoApprove, removeAfter, createdAt, createdBy } = token;
  return (
    <>
      <PageHeading
        title={joinTokenName(token)}
        beside={<TokenStateWord token={token} />}
        actions={
          <ActionButton
            variant="default"
            size="xs"
            whyNot={whyNotByRole(login, 'admin') ?? whyNotRevoked(token)}
            onClick={() => setRevoking(true)}
          >
            Revoke
          </ActionButton>
        }
      />
      <Stack gap="md">
        <Panel title="Details">
          <Facts>
            <Fact name="ID">{id}</Fact>
            <Fact name="Uses">{`${countText(uses)} of ${countText(maxUses)}`}</Fact>
            <Fact name="Expires">
              <Until at={expiresAt} />, <ExactTime at={expiresAt} />
            </Fact>
            <Fact name="Names">{namePattern ?? 'any'}</Fact>
            <Fact name="Labels">
              <LabelList labels={labels} />
            </Fact>
            <Fact name="Approves">
              {autoApprove === null ? 'by Orchestrator.NodeManager.ManualApproval' : (APPROVES.get(autoApprove) ?? '')}
            </Fact>
            {removeAfter && (
              <Fact name="Ephemeral">Its nodes are removed once they have been unknown for {removeAfter}</Fact>
            )}
            <Fact name="Created">
              <Age at={createdAt} /> by {createdBy}
            </Fact>
          </Facts>
        </Panel>
        <Panel title="Who joined with it">
          <Uses id={id} />
        </Panel>
      </Stack>
      {revoking && <RevokeDialog kind="join" token={token} onClosed={() => setRevoking(false)} />}
    </>
  );
}

const COLUMNS: readonly TableColumn<TokenUse>[] = [
  {
    name: 'Node',
    kind: 'head',
    cell: ({ node }) => (
      <Anchor component={Link} href={nodePath(node)} size="sm" fw={550}>
        {node}
      </Anchor>
    ),
  },
  { name: 'When', kind: 'short', cell: ({ at }) => <Age at={at} /> },
  { name: 'From', cell: ({ from }) => from ?? 'unknown' },
  { name: 'UID', cell: ({ uid }) => uid },
];

function Uses({ id }: { id: string }) {
  const [address, change] = useAddress();
  const cursor = address.get('cursor') ?? '';
  const list = useQuery({ ...joinTokenUsesQuery(id, cursor), refetchInterval: usePollInterval() });
  return (
    <PagedList
      what="uses"
      list={list}
      cursor={cursor}
      onTurn={(next) => change({ cursor: next })}
      empty={
        <Text size="sm" c="dimmed">
          No node has joined with it.
        </Text>
      }
    >
      {(uses, superseded) => (
        <DataTable
          label="Uses"
          columns={COLUMNS}
          rows={uses}
          keyOf={({ uid, at }) => `${uid} ${at}`}
          superseded={superseded}
        />
      )}
    </PagedList>
  );
}
