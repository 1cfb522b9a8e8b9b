import { Button, Checkbox, Group, MultiSelect, NativeSelect, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { ATTENTIONS, type Attention } from '../../../contract/attention.js';
import { CHECK_NAME_PATTERN, FITNESSES } from '../../../contract/fitness.js';
import { MOST_SEARCH_LENGTH, MOST_SEARCH_WORDS, searchWords } from '../../../contract/node-order.js';
import { LIVENESSES, NODE_TYPES, type NodeType } from '../../../contract/states.js';
import { Icon } from '../parts/icon.js';
import { phaseWord } from '../parts/phase-word.js';
import { TypedFilter } from '../parts/typed-filter.js';
import { hasFilter, LISTED_PHASES, NO_FILTER, type ListParams } from './list-params.js';
import classes from './node-filters.module.css';

const PHASE_CHOICES = LISTED_PHASES.map((phase) => ({ value: phase, label: phaseWord(phase) }));
const LIVENESS_CHOICES = LIVENESSES.map((liveness) => ({
  value: liveness,
  label: `${liveness.charAt(0)}${liveness.slice(1).toLowerCase()}`,
}));
const ATTENTION_WORDS: Record<Attention, string> = {
  lost: 'Lost',
  overdue: 'Overdue',
  copied: 'Copied identity',
  lateDrain: 'Late drain',
  unapplied: 'Decision not applied',
  unfit: 'Unfit',
  pending: 'Waiting for approval',
};
const ATTENTION_CHOICES = ATTENTIONS.map((value) => ({ value, label: ATTENTION_WORDS[value] }));
const LABEL_PATTERN = /^[^=\s]{1,63}(=\S{0,63})?$/;
const CONDITION_PATTERN = new RegExp(`^${CHECK_NAME_PATTERN.source.slice(1, -1)}(=(${FITNESSES.join('|')}))?$`);

interface NodeFiltersProps {
  params: ListParams;
  onChange: (change: Partial<ListParams>, how?: { replace?: boolean }) => void;
}

/** Filters of the list. */
export function NodeFilters({ params, onChange }: NodeFiltersProps) {
  return (
    <Group
      role="search"
      aria-label="Filter the nodes"
      gap="xs"
      mb="sm"
      align="flex-start"
      className={classes['filters'] ?? ''}
    >
      <TypedFilter
        type="search"
        aria-label="Search by ID, hostname, label or description"
        placeholder="Search by ID, hostname, label…"
        leftSection={<Icon name="search" size={14} />}
        maxLength={MOST_SEARCH_LENGTH}
        value={params.q}
        error={searchWords(params.q).length > MOST_SEARCH_WORDS && `At most ${MOST_SEARCH_WORDS} words.`}
        onChange={(q) => onChange({ q }, { replace: true })}
      />
      <MultiSelect
        size="xs"
        aria-label="Phase"
        placeholder={params.phase.length === 0 ? 'Any phase' : ''}
        data={PHASE_CHOICES}
        value={[...params.phase]}
        onChange={(phase) => onChange({ phase })}
        clearable
        clearButtonProps={{ 'aria-label': 'Any phase' }}
      />
      <MultiSelect
        size="xs"
        aria-label="Liveness"
        placeholder={params.liveness.length === 0 ? 'Any liveness' : ''}
        data={LIVENESS_CHOICES}
        value={[...params.liveness]}
        onChange={(liveness) => onChange({ liveness })}
        clearable
        clearButtonProps={{ 'aria-label': 'Any liveness' }}
      />
      <NativeSelect
        size="xs"
        aria-label="Type"
        value={params.type[0] ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ type: value === '' ? [] : [value as NodeType] })}
        data={[{ value: '', label: 'Any type' }, ...NODE_TYPES]}
      />
      <MultiSelect
        size="xs"
        aria-label="Needs attention"
        placeholder={params.attention.length === 0 ? 'Needs attention' : ''}
        data={ATTENTION_CHOICES}
        value={[...params.attention]}
        onChange={(attention) => onChange({ attention })}
        clearable
        clearButtonProps={{ 'aria-label': 'All, whether or not they need attention' }}
      />
      <Checkbox
        size="xs"
        label="Warnings only"
        checked={params.warning}
        onChange={({ currentTarget: { checked } }) => onChange({ warning: checked })}
        className={classes['check'] ?? ''}
      />
      <Checkbox
        size="xs"
        label="Stopped only"
        checked={params.stopped}
        onChange={({ currentTarget: { checked } }) => onChange({ stopped: checked })}
        className={classes['check'] ?? ''}
      />
      <Checkbox
        size="xs"
        label="Outdated agents only"
        checked={params.outdated}
        onChange={({ currentTarget: { checked } }) => onChange({ outdated: checked })}
        className={classes['check'] ?? ''}
      />
      <TagsFilter
        name="Labels"
        any="Any label"
        form="Label: key or key=value"
        pattern={LABEL_PATTERN}
        wrong="is not a label: write key or key=value."
        tags={params.label}
        onChange={(label) => onChange({ label })}
      />
      {(params.condition.length > 0 || params.attention.includes('unfit')) && (
        <TagsFilter
          name="Checks"
          any="Any check"
          form="Check: name or name=STATUS"
          pattern={CONDITION_PATTERN}
          wrong={`is not a condition: write the name of a check, or name=${FITNESSES.join(' or name=')}.`}
          tags={params.condition}
          onChange={(condition) => onChange({ condition })}
        />
      )}
      {hasFilter(params) && (
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="x" size={14} />}
          onClick={() => onChange(NO_FILTER)}
        >
          Clear filters
        </Button>
      )}
    </Group>
  );
}

interface TagsFilterProps {
  name: string;
  any: string;
  /** An example, shown while the filter is empty. */
  form: string;
  pattern: RegExp;
  /** Follows text that is not a valid filter. */
  wrong: string;
  tags: readonly string[];
  onChange: (tags: string[]) => void;
}

function TagsFilter({ name, any, form, pattern, wrong, tags, onChange }: TagsFilterProps) {
  const [refused, setRefused] = useState<string>();
  return (
    <TagsInput
      size="xs"
      aria-label={name}
      placeholder={tags.length === 0 ? form : ''}
      value={[...tags]}
      error={refused === undefined ? undefined : `“${refused}” ${wrong}`}
      splitChars={[',', ' ']}
      acceptValueOnBlur
      maxTags={16}
      clearable
      clearButtonProps={{ 'aria-label': any }}
      onChange={(next) => {
        setRefused(next.find((tag) => !pattern.test(tag)));
        onChange(next.filter((tag) => pattern.test(tag)));
      }}
    />
  );
}
