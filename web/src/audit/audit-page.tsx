import { SegmentedControl } from '@mantine/core';
import { useLocation, useSearch } from 'wouter';
import { whyNotAnywhere } from '../actions/offered-action.js';
import { RoleWall } from '../parts/empty-state.js';
import { useAddress } from '../parts/use-address.js';
import { PageHeading } from '../shell/page-heading.js';
import { useLogin } from '../sign-in/login-context.js';
import { auditFilterOf } from './audit-filter.js';
import { AuditFilters } from './audit-filters.js';
import { AuditList } from './audit-list.js';
import { ExportButton } from './export-button.js';
import { LiveEvents } from './live-events.js';

/** The audit: decisions and token events; and the live events of nodes. */
export default function AuditPage({ live }: { live: boolean }) {
  const login = useLogin();
  const [address, change] = useAddress();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filter = auditFilterOf(address);
  const whyNot = whyNotAnywhere(login);
  const show = (view: string) => {
    const path = view === 'live' ? '/audit/live' : '/audit';
    const params = new URLSearchParams(search);
    params.delete('cursor');
    // The two views have different events.
    params.delete('type');
    navigate(params.size === 0 ? path : `${path}?${params}`);
  };
  return (
    <>
      <PageHeading
        title={live ? 'Live events' : 'Audit'}
        actions={
          <ExportButton filter={filter} whyNot={whyNot ?? (live ? 'Live events are not kept here.' : undefined)} />
        }
      />
      <SegmentedControl
        size="xs"
        mb="sm"
        aria-label="What is shown"
        value={live ? 'live' : 'audit'}
        onChange={show}
        data={[
          { value: 'audit', label: 'Decisions and tokens' },
          { value: 'live', label: 'Live' },
        ]}
      />
      {whyNot !== undefined && !live ? (
        <RoleWall what="the audit" whyNot={whyNot} />
      ) : (
        <>
          <AuditFilters filter={filter} live={live} onChange={change} />
          {live ? (
            <LiveEvents filter={filter} />
          ) : (
            <AuditList filter={filter} cursor={address.get('cursor') ?? ''} onTurn={(cursor) => change({ cursor })} />
          )}
        </>
      )}
    </>
  );
}
