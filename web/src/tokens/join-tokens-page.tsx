import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { JoinToken } from '../../../client/index.js';
import { whyNotAnywhere, whyNotByRole } from '../actions/offered-action.js';
import { ActionButton } from '../parts/action-button.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState, RoleWall } from '../parts/empty-state.js';
import { Icon } from '../parts/icon.js';
import { LabelList } from '../parts/label-list.js';
import { PagedList } from '../parts/paged-list.js';
import { countText } from '../parts/size-text.js';
import { useAddress } from '../parts/use-address.js';
import { useAsked } from '../parts/use-asked.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age } from '../time/age.js';
import { NewJoinTokenDialog } from './new-join-token-dialog.js';
import { RevokeDialog } from './revoke-dialog.js';
import { TokenStateWord, whyNotRevoked } from './token-state-word.js';
import { joinTokenListQuery } from './token-queries.js';
import { joinTokenPath, joinTokenName } from './join-token-path.js';
import { Until } from './until.js';

/** Join tokens: who may join, until when, and who has. */
export default function JoinTokensPage() {
  const login = useLogin();
  const [making, setMaking] = useAsked();
  const whyNotSeen = whyNotAnywhere(login);
  const whyNotMade = whyNotByRole(login, 'admin');
  return (
    <>
      <PageHeading
        title="Join tokens"
        actions={
          <ActionButton leftSection={<Icon name="plus" />} whyNot={whyNotMade} onClick={() => setMaking(true)}>
            Create a join token
          </ActionButton>
        }
      />
      {whyNotSeen === undefined ? <JoinTokens /> : <RoleWall what="join tokens" whyNot={whyNotSeen} />}
      {making && whyNotMade === undefined && <NewJoinTokenDialog onClosed={() => setMaking(false)} />}
    </>
  );
}

function JoinTokens() {
  const login = useLogin();
  const [address, change] = useAddress();
  const cursor = address.get('cursor') ?? '';
  const [revoking, setRevoking] = useState<JoinToken | null>(null);
  const list = useQuery({ ...joinTokenListQuery(cursor), refetchInterval: usePollInterval() });
  return (
    <>
      <PagedList
        what="join tokens"
        list={list}
        cursor={cursor}
        onTurn={(next) => change({ cursor: next })}
        empty={
          <EmptyState icon="key" title="No join tokens">
            A join token admits many nodes, such as those of an autoscaled fleet. For a single node, use Register Node.
          </EmptyState>
        }
      >
        {(tokens, superseded) => (
          <DataTable
            label="Join tokens"
            columns={columnsOf(whyNotByRole(login, 'admin'), setRevoking)}
            rows={tokens}
            keyOf={({ id }) => id}
            superseded={superseded}
          />
        )}
      </PagedList>
      {revoking && <RevokeDialog kind="join" token={revoking} onClosed={() => setRevoking(null)} />}
    </>
  );
}

function columnsOf(
  whyNot: string | undefined,
  onRevoke: (token: JoinToken) => void,
): readonly TableColumn<JoinToken>[] {
  return [
    {
      name: 'Token',
      kind: 'head',
      cell: (token) => (
        <>
          <Anchor component={Link} href={joinTokenPath(token.id)} size="sm" fw={550}>
            {joinTokenName(token)}
          </Anchor>
          {token.description !== '' && <small>{token.id}</small>}
        </>
      ),
    },
    { name: 'State', cell: (token) => <TokenStateWord token={token} /> },
    { name: 'Uses', kind: 'short', cell: ({ uses, maxUses }) => `${countText(uses)} of ${countText(maxUses)}` },
    { name: 'Expires', kind: 'short', cell: ({ expiresAt }) => <Until at={expiresAt} /> },
    { name: 'Names', cell: ({ namePattern }) => namePattern ?? 'any' },
    { name: 'Labels', cell: ({ labels }) => <LabelList labels={labels} most={2} /> },
    {
      name: 'Created',
      cell: ({ createdAt, createdBy }) => (
        <>
          <Age at={createdAt} /> by {createdBy}
        </>
      ),
    },
    {
      name: 'Actions',
      kind: 'actions',
      cell: (token) => (
        <ActionButton
          variant="default"
          size="compact-xs"
          whyNot={whyNot ?? whyNotRevoked(token)}
          onClick={() => onRevoke(token)}
        >
          Revoke
        </ActionButton>
      ),
    },
  ];
}
