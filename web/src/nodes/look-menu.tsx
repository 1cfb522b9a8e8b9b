import { Button, Checkbox, Divider, Popover, Radio, Stack } from '@mantine/core';
import { Icon } from '../parts/icon.js';
import { DENSITIES, OPTIONAL_COLUMNS, type Density, type ListLook, type OptionalColumn } from './list-look.js';

const DENSITY_WORDS: Record<Density, string> = { comfortable: 'Comfortable', compact: 'Compact' };
const COLUMN_WORDS: Record<OptionalColumn, string> = {
  type: 'Type',
  phase: 'Phase',
  status: 'Status',
  lastHeartbeat: 'Last heartbeat',
  cpu: 'CPU',
  memory: 'Memory',
  connections: 'Connections',
  fitness: 'Fitness',
  sessions: 'Sessions',
  version: 'Version',
  labels: 'Labels',
};

/** Density of the rows, and visible columns. */
export function LookMenu({ look, onLook }: { look: ListLook; onLook: (change: Partial<ListLook>) => void }) {
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<Icon name="columns" size={14} />}>
          Columns and density
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns and density">
        <Radio.Group label="Rows" size="xs" value={look.density} onChange={(density) => onLook({ density })}>
          <Stack gap={6} mt={6}>
            {DENSITIES.map((density) => (
              <Radio key={density} size="xs" value={density} label={DENSITY_WORDS[density]} />
            ))}
          </Stack>
        </Radio.Group>
        <Divider my="xs" />
        <Checkbox.Group
          label="Columns"
          size="xs"
          value={OPTIONAL_COLUMNS.filter((column) => !look.hidden.includes(column))}
          onChange={(shown) => onLook({ hidden: OPTIONAL_COLUMNS.filter((column) => !shown.includes(column)) })}
        >
          <Stack gap={6} mt={6}>
            {OPTIONAL_COLUMNS.map((column) => (
              <Checkbox key={column} size="xs" value={column} label={COLUMN_WORDS[column]} />
            ))}
          </Stack>
        </Checkbox.Group>
        {look.hidden.length > 0 && (
          <Button size="compact-xs" variant="subtle" mt="xs" onClick={() => onLook({ hidden: [] })}>
            All columns
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
