import { Anchor, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ApprovalRule, ApprovalVerdict } from '../../../client/index.js';
import { conditionsOfRule } from '../../../contract/approval-rule.js';
import { whyNotAnywhere, whyNotByRole } from '../actions/offered-action.js';
import { nodePath } from '../nodes/node-path.js';
import { ActionButton } from '../parts/action-button.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { EmptyState, RoleWall } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Icon } from '../parts/icon.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age } from '../time/age.js';
import { Until } from '../tokens/until.js';
import { DeleteRuleDialog } from './delete-rule-dialog.js';
import { RuleDialog } from './rule-dialog.js';
import { pendingVerdictsQuery, rulesQuery } from './rule-queries.js';

type Opened = { kind: 'create' } | { kind: 'edit' | 'delete'; rule: ApprovalRule };

/** Approval rules, and what they would decide about nodes that wait for approval. */
export default function ApprovalRulesPage() {
  const login = useLogin();
  const [opened, setOpened] = useState<Opened>();
  const whyNotSeen = whyNotAnywhere(login);
  const whyNotMade = whyNotByRole(login, 'admin');
  const close = () => setOpened(undefined);
  return (
    <>
      <PageHeading
        title="Approval rules"
        actions={
          <ActionButton
            leftSection={<Icon name="plus" />}
            whyNot={whyNotMade}
            onClick={() => setOpened({ kind: 'create' })}
          >
            Create a rule
          </ActionButton>
        }
      />
      {whyNotSeen === undefined ? (
        <>
          <Rules whyNot={whyNotMade} onAsked={(kind, rule) => setOpened({ kind, rule })} />
          <Pending />
        </>
      ) : (
        <RoleWall what="approval rules" whyNot={whyNotSeen} />
      )}
      {opened?.kind === 'create' && <RuleDialog onClosed={close} />}
      {opened?.kind === 'edit' && <RuleDialog rule={opened.rule} onClosed={close} />}
      {opened?.kind === 'delete' && <DeleteRuleDialog name={opened.rule.name} onClosed={close} />}
    </>
  );
}

type Asked = (kind: 'edit' | 'delete', rule: ApprovalRule) => void;

function Rules({ whyNot, onAsked }: { whyNot: string | undefined; onAsked: Asked }) {
  const { data, error, refetch } = useQuery({ ...rulesQuery, refetchInterval: usePollInterval() });
  if (error && !data)
    return <ErrorState title="Rules could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (data?.items.length === 0)
    return (
      <EmptyState icon="key" title="No approval rules">
        Nodes that join with a join token are approved or wait as the token says, or the configuration. A rule decides
        before both, by name, labels, address or hardware.
      </EmptyState>
    );
  return (
    data && (
      <DataTable
        label="Approval rules"
        columns={columnsOf(onAsked, whyNot)}
        rows={data.items}
        keyOf={({ name }) => name}
      />
    )
  );
}

const WORDS = { approve: 'Approve', reject: 'Reject', wait: 'Wait for an administrator' };
const BUTTONS = { edit: 'Change', delete: 'Delete' };

function columnsOf(onAsked: Asked, whyNot: string | undefined): readonly TableColumn<ApprovalRule>[] {
  const button = (kind: keyof typeof BUTTONS, rule: ApprovalRule) => (
    <ActionButton
      size="xs"
      variant="default"
      whyNot={whyNot}
      aria-label={`${BUTTONS[kind]} the rule ${rule.name}`}
      onClick={() => onAsked(kind, rule)}
    >
      {BUTTONS[kind]}
    </ActionButton>
  );
  return [
    { name: 'Order', kind: 'short', cell: ({ order }) => order },
    {
      name: 'Name',
      kind: 'head',
      cell: ({ name, reason }) => (
        <>
          <Text span size="sm" fw={550}>
            {name}
          </Text>
          {reason !== '' && <small>{reason}</small>}
        </>
      ),
    },
    { name: 'Decides', cell: ({ decision }) => WORDS[decision] },
    { name: 'Nodes', cell: (rule) => conditionsOfRule(rule).join('; ') || 'all' },
    {
      name: 'Expires',
      cell: ({ expiresAt }) => (expiresAt === null ? 'never' : <Until at={expiresAt} />),
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
      kind: 'short',
      cell: (rule) => (
        <Group gap="xs" wrap="nowrap">
          {button('edit', rule)}
          {button('delete', rule)}
        </Group>
      ),
    },
  ];
}

function Pending() {
  const { data } = useQuery({ ...pendingVerdictsQuery, refetchInterval: usePollInterval() });
  if (!data || data.items.length === 0) return null;
  return (
    <section aria-label="Nodes that wait">
      <Title order={2} size="h5" mt="xl" mb="xs">
        What the rules say about nodes that wait for approval
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Rules decide when a node joins; these nodes stay as they are until somebody approves or rejects them.
      </Text>
      <DataTable label="Nodes that wait" columns={PENDING_COLUMNS} rows={data.items} keyOf={({ node }) => node} />
    </section>
  );
}

const SOURCES = { rule: 'a rule', token: 'its join token', policy: 'the configuration' };

const PENDING_COLUMNS: readonly TableColumn<ApprovalVerdict>[] = [
  {
    name: 'Node',
    kind: 'head',
    cell: ({ node }) => (
      <Anchor component={Link} href={nodePath(node)} size="sm" fw={550}>
        {node}
      </Anchor>
    ),
  },
  { name: 'Would be', cell: ({ decision }) => WORDS[decision] },
  { name: 'By', cell: ({ source, rule }) => (rule === null ? SOURCES[source] : `rule ${rule}`) },
  {
    name: 'Passed over',
    cell: ({ passedOver }) => passedOver.map(({ rule, because }) => `${rule}: ${because}`).join('; '),
  },
];
