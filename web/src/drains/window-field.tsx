import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { windowsQuery } from '../api/window-queries.js';

interface WindowFieldProps {
  value: string;
  onChange: (window: string) => void;
  error: string | undefined;
}

/** The maintenance window within which nodes begin; hidden if there are no windows. */
export function WindowField({ value, onChange, error }: WindowFieldProps) {
  const { data } = useQuery(windowsQuery);
  const windows = data?.items ?? [];
  if (windows.length === 0) return null;
  return (
    <NativeSelect
      label="Only within"
      description="Nodes for which an opening of this maintenance window has no time left wait for the next."
      data={[{ value: '', label: 'at any time' }, ...windows.map(({ name }) => ({ value: name, label: name }))]}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      styles={{ wrapper: { maxWidth: 320 } }}
    />
  );
}
