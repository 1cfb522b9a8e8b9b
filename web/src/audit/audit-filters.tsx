import { Button, Group, MultiSelect, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { AUDITED_EVENTS } from '../../../contract/audit.js';
import { isoTime } from '../../../contract/iso-time.js';
import { NODE_EVENTS } from '../../../contract/lifecycle.js';
import { eventWord } from '../parts/event-word.js';
import { Icon } from '../parts/icon.js';
import { TypedFilter } from '../parts/typed-filter.js';
import type { AddressChange } from '../parts/use-address.js';
import { isNarrowed, NO_AUDIT_FILTER, RANGES, type AuditFilter } from './audit-filter.js';

const choicesOf = (types: readonly string[]) =>
  types.map((type) => ({ value: type, label: eventWord(type) })).toSorted((a, b) => a.label.localeCompare(b.label));
const AUDITED = choicesOf(AUDITED_EVENTS);
const LIVE = choicesOf(NODE_EVENTS);

const RANGE_WORDS: Record<keyof typeof RANGES, string> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
};

interface AuditFiltersProps {
  filter: AuditFilter;
  /** Live events have neither range nor token. */
  live: boolean;
  onChange: (change: AddressChange, how?: { replace?: boolean }) => void;
}

/** Filters of the audit and the live events. */
export function AuditFilters({ filter, live, onChange }: AuditFiltersProps) {
  const { by, node, token, types } = filter;
  const typed = (name: 'by' | 'node' | 'token') => (value: string) => onChange({ [name]: value }, { replace: true });
  return (
    <Group role="search" aria-label="Filter the events" gap="xs" mb="sm" align="flex-end">
      <TypedFilter label="Who" placeholder="a name, or system" value={by} onChange={typed('by')} />
      <TypedFilter label="Node" placeholder="full ID" value={node} onChange={typed('node')} />
      {!live && <TypedFilter label="Token" placeholder="full ID" value={token} onChange={typed('token')} />}
      <MultiSelect
        size="xs"
        label="What"
        placeholder={types.length === 0 ? 'Anything' : ''}
        data={live ? LIVE : AUDITED}
        value={[...types]}
        onChange={(type) => onChange({ type })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Anything' }}
        miw={180}
        maw={420}
      />
      {!live && <RangeFields filter={filter} onChange={onChange} />}
      {isNarrowed(filter) && (
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="x" size={14} />}
          onClick={() => onChange(NO_AUDIT_FILTER)}
        >
          Clear filters
        </Button>
      )}
    </Group>
  );
}

function RangeFields({ filter, onChange }: Pick<AuditFiltersProps, 'filter' | 'onChange'>) {
  const { range, since, until } = filter;
  const [own, setOwn] = useState(since !== '' || until !== '');
  const choose = (value: string) => {
    setOwn(value === 'own');
    onChange({ since: '', until: '', range: value in RANGES ? value : '' });
  };
  return (
    <>
      <NativeSelect
        size="xs"
        label="When"
        value={range ?? (own ? 'own' : '')}
        onChange={({ currentTarget: { value } }) => choose(value)}
        data={[
          { value: '', label: 'Any time' },
          ...Object.entries(RANGE_WORDS).map(([value, label]) => ({ value, label })),
          { value: 'own', label: 'From … to …' },
        ]}
      />
      {own && range === undefined && (
        <>
          <MomentField
            label="From"
            value={since}
            onChange={(moment) => onChange({ since: moment }, { replace: true })}
          />
          <MomentField label="To" value={until} onChange={(moment) => onChange({ until: moment }, { replace: true })} />
        </>
      )}
    </>
  );
}

/** A local time. The address has it in UTC, so that a link means the same to everyone. */
function MomentField({ label, value, onChange }: { label: string; value: string; onChange: (moment: string) => void }) {
  return (
    <TextInput
      size="xs"
      type="datetime-local"
      label={label}
      value={value === '' ? '' : localText(value)}
      onChange={({ currentTarget }) => {
        const at = Date.parse(currentTarget.value);
        onChange(Number.isNaN(at) ? '' : isoTime(at));
      }}
    />
  );
}

/** Value of the browser's field: `2026-11-29T18:30`, in the viewer's zone. */
function localText(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
