import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiToken, Login } from '../../../client/index.js';
import { grantText, ROLES, type Role } from '../../../contract/grants.js';
import { whyNotAnywhere, whyNotByRole } from '../actions/offered-action.js';
import { ActionButton } from '../parts/action-button.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState, RoleWall } from '../parts/empty-state.js';
import { Fact, Facts } from '../parts/facts.js';
import { Icon } from '../parts/icon.js';
import { PagedList } from '../parts/paged-list.js';
import { Panel } from '../parts/panel.js';
import { useAddress } from '../parts/use-address.js';
import { useAsked } from '../parts/use-asked.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age, ExactTime } from '../time/age.js';
import { useNow } from '../time/use-now.js';
import { NewApiTokenDialog } from './new-api-token-dialog.js';
import { RevokeDialog } from './revoke-dialog.js';
import { RotateDialog } from './rotate-dialog.js';
import { roleMeans } from './role-means.js';
import { TokenStateWord, whyNotRevoked, whyNotRotated } from './token-state-word.js';
import { apiTokenListQuery } from './token-queries.js';
import { Until } from './until.js';

/** The viewer's identity and roles, the meaning of each role, and the api tokens. */
export default function AccessPage() {
  const login = useLogin();
  const [making, setMaking] = useAsked();
  const whyNotSeen = whyNotAnywhere(login, 'admin');
  const whyNot = whyNotByRole(login, 'admin');
  return (
    <>
      <PageHeading
        title="Access"
        actions={
          <ActionButton leftSection={<Icon name="plus" />} whyNot={whyNot} onClick={() => setMaking(true)}>
            Create an API token
          </ActionButton>
        }
      />
      <Stack gap="md">
        <Panel title="You">
          <You login={login} />
        </Panel>
        <Panel title="API tokens">
          {whyNotSeen === undefined ? (
            <ApiTokens whyNot={whyNot} />
          ) : (
            <RoleWall what="API tokens" whyNot={whyNotSeen} />
          )}
        </Panel>
      </Stack>
      {making && whyNot === undefined && <NewApiTokenDialog onClosed={() => setMaking(false)} />}
    </>
  );
}

const VIA: Record<Login['via'], string> = {
  token: 'an API token',
  login: 'a login in this browser with an API token',
  oidc: "your organisation's sign-in",
};

function You({ login: { name, role, grants, via, expiresAt } }: { login: Login }) {
  return (
    <Facts>
      <Fact name="Name">{name}</Fact>
      <Fact name="Role">
        {role}: {roleMeans(role)}
      </Fact>
      {grants.length > 0 && (
        <Fact name="Over some nodes">
          {grants.map((grant) => (
            <Text key={grantText(grant)} size="sm">
              {grantText(grant)}
            </Text>
          ))}
        </Fact>
      )}
      <Fact name="Signed in by">{VIA[via]}</Fact>
      <Fact name="Until">
        {expiresAt === null ? (
          'it is revoked'
        ) : (
          <>
            <ExactTime at={expiresAt} />, <Until at={expiresAt} />
          </>
        )}
      </Fact>
      <Fact name="Other roles">
        {ROLES.filter((other: Role) => other !== role).map((other) => (
          <Text key={other} size="sm">
            {other}: {roleMeans(other)}
          </Text>
        ))}
      </Fact>
    </Facts>
  );
}

function ApiTokens({ whyNot }: { whyNot: string | undefined }) {
  const [address, change] = useAddress();
  const cursor = address.get('cursor') ?? '';
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  const [rotating, setRotating] = useState<ApiToken | null>(null);
  const list = useQuery({ ...apiTokenListQuery(cursor), refetchInterval: usePollInterval() });
  return (
    <>
      <PagedList
        what="API tokens"
        list={list}
        cursor={cursor}
        onTurn={(next) => change({ cursor: next })}
        empty={<EmptyState icon="key" title="No API tokens" />}
      >
        {(tokens, superseded) => (
          <DataTable
            label="API tokens"
            columns={columnsOf(whyNot, setRotating, setRevoking)}
            rows={tokens}
            keyOf={({ id }) => id}
            superseded={superseded}
          />
        )}
      </PagedList>
      {rotating && <RotateDialog token={rotating} onClosed={() => setRotating(null)} />}
      {revoking && <RevokeDialog kind="api" token={revoking} onClosed={() => setRevoking(null)} />}
    </>
  );
}

interface RotateButtonProps {
  token: ApiToken;
  whyNot: string | undefined;
  onRotate: (token: ApiToken) => void;
}

function RotateButton({ token, whyNot, onRotate }: RotateButtonProps) {
  const fault = whyNotRotated(token, useNow());
  return (
    <ActionButton variant="default" size="compact-xs" whyNot={whyNot ?? fault} onClick={() => onRotate(token)}>
      Rotate
    </ActionButton>
  );
}

function columnsOf(
  whyNot: string | undefined,
  onRotate: (token: ApiToken) => void,
  onRevoke: (token: ApiToken) => void,
): readonly TableColumn<ApiToken>[] {
  return [
    {
      name: 'Name',
      kind: 'head',
      cell: ({ name, id }) => (
        <>
          <Text component="span" size="sm" fw={550}>
            {name}
          </Text>
          <small>{id}</small>
        </>
      ),
    },
    { name: 'Role', cell: grantText },
    { name: 'State', cell: (token) => <TokenStateWord token={token} /> },
    {
      name: 'Expires',
      kind: 'short',
      cell: ({ expiresAt, formerUntil }) => (
        <>
          <Until at={expiresAt} />
          {formerUntil !== null && (
            <small>
              old secret <Until at={formerUntil} />
            </small>
          )}
        </>
      ),
    },
    {
      name: 'Last used',
      kind: 'short',
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <Age at={lastUsedAt} />),
    },
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
        <Group gap="xs" wrap="nowrap">
          <RotateButton token={token} whyNot={whyNot} onRotate={onRotate} />
          <ActionButton
            variant="default"
            size="compact-xs"
            whyNot={whyNot ?? whyNotRevoked(token)}
            onClick={() => onRevoke(token)}
          >
            Revoke
          </ActionButton>
        </Group>
      ),
    },
  ];
}
