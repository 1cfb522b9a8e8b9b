import type { ApiToken, JoinToken } from '../../client/types.gen.js';
import { grantText } from '../../contract/grants.js';
import type { EpochMs } from '../../contract/states.js';
import { tokenStateOf } from '../../contract/token-state.js';
import { formatAge, formatRoundSpan } from './age.js';
import { formatLabels } from './node-columns.js';
import type { Column, Style } from './table.js';

const NOTHING = '-';

function stateColumn<Token extends Parameters<typeof tokenStateOf>[0]>(now: EpochMs): Column<Token> {
  const style = (token: Token): Style => (tokenStateOf(token, now) === 'VALID' ? 'green' : 'dim');
  return { header: 'STATE', cell: (token) => tokenStateOf(token, now), style };
}

function expires<Token extends { expiresAt: string | null }>(now: EpochMs): Column<Token> {
  return {
    header: 'EXPIRES',
    cell: ({ expiresAt }) =>
      expiresAt === null
        ? 'never'
        : Date.parse(expiresAt) > now
          ? `in ${formatRoundSpan(Date.parse(expiresAt) - now)}`
          : `${formatAge(expiresAt, now)} ago`,
  };
}

export function joinTokenColumns(now: EpochMs): readonly Column<JoinToken>[] {
  return [
    { header: 'ID', cell: (token) => token.id },
    stateColumn(now),
    { header: 'USES', cell: ({ uses, maxUses }) => `${uses}/${maxUses}` },
    expires(now),
    { header: 'NAMES', cell: ({ namePattern }) => namePattern ?? '*' },
    { header: 'DESCRIPTION', cell: ({ description }) => description || NOTHING },
  ];
}

/** Additional columns of `-o wide`. */
export function wideJoinTokenColumns(now: EpochMs): readonly Column<JoinToken>[] {
  return [
    ...joinTokenColumns(now),
    { header: 'APPROVES', cell: ({ autoApprove }) => approves(autoApprove) },
    { header: 'LABELS', cell: ({ labels }) => formatLabels(labels) },
    { header: 'REMOVES', cell: ({ removeAfter }) => (removeAfter ? `after ${removeAfter}` : 'by policy') },
    { header: 'CREATED', cell: ({ createdAt }) => formatAge(createdAt, now) },
    { header: 'BY', cell: ({ createdBy }) => createdBy },
  ];
}

/** Whether nodes that join with the token wait for an administrator. */
export function approves(autoApprove: boolean | null): string {
  return autoApprove === null ? 'by policy' : autoApprove ? 'yes' : 'no';
}

export function apiTokenColumns(now: EpochMs): readonly Column<ApiToken>[] {
  return [
    { header: 'ID', cell: (token) => token.id },
    { header: 'NAME', cell: (token) => token.name },
    { header: 'ROLE', cell: grantText },
    stateColumn(now),
    expires(now),
    { header: 'USED', cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : `${formatAge(lastUsedAt, now)} ago`) },
  ];
}

/** Additional columns of `-o wide`. */
export function wideApiTokenColumns(now: EpochMs): readonly Column<ApiToken>[] {
  return [
    ...apiTokenColumns(now),
    { header: 'CREATED', cell: ({ createdAt }) => formatAge(createdAt, now) },
    { header: 'BY', cell: ({ createdBy }) => createdBy },
  ];
}
