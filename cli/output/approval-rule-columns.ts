import type { ApprovalRule, ApprovalVerdict } from '../../client/types.gen.js';
import { conditionsOfRule } from '../../contract/approval-rule.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge, formatAhead } from './age.js';
import type { Column, Style } from './table.js';

const NOTHING = '-';
const STYLES: Record<ApprovalRule['decision'], Style> = { approve: 'green', reject: 'red', wait: 'yellow' };

export function ruleColumns(now: EpochMs): readonly Column<ApprovalRule>[] {
  return [
    { header: 'ORDER', cell: ({ order }) => String(order) },
    { header: 'NAME', cell: ({ name }) => name },
    { header: 'DECIDES', cell: ({ decision }) => decision, style: ({ decision }) => STYLES[decision] },
    { header: 'NODES', cell: (rule) => conditionsOfRule(rule).join('; ') || 'all' },
    {
      header: 'EXPIRES',
      cell: ({ expiresAt, expired }) =>
        expiresAt === null ? 'never' : expired ? `${formatAge(expiresAt, now)} ago` : formatAhead(expiresAt, now),
      style: ({ expired }) => (expired ? 'dim' : undefined),
    },
  ];
}

/** Additional columns of `-o wide`. */
export function wideRuleColumns(now: EpochMs): readonly Column<ApprovalRule>[] {
  return [
    ...ruleColumns(now),
    { header: 'CREATED', cell: ({ createdAt }) => formatAge(createdAt, now) },
    { header: 'BY', cell: ({ createdBy }) => createdBy },
    { header: 'REASON', cell: ({ reason }) => reason || NOTHING },
  ];
}

const SOURCES: Record<ApprovalVerdict['source'], string> = {
  rule: 'rule',
  token: 'its join token',
  policy: 'ManualApproval',
};

export function verdictColumns(): readonly Column<ApprovalVerdict>[] {
  return [
    { header: 'NODE', cell: ({ node }) => node },
    { header: 'PHASE', cell: ({ phase }) => phase },
    { header: 'WOULD', cell: ({ decision }) => decision, style: ({ decision }) => STYLES[decision] },
    { header: 'BY', cell: ({ source, rule }) => (rule === null ? SOURCES[source] : `rule ${rule}`) },
  ];
}

/** Additional columns of `-o wide`. */
export function wideVerdictColumns(): readonly Column<ApprovalVerdict>[] {
  return [
    ...verdictColumns(),
    {
      header: 'PASSED OVER',
      cell: ({ passedOver }) => passedOver.map(({ rule, because }) => `${rule}: ${because}`).join('; ') || NOTHING,
    },
  ];
}
