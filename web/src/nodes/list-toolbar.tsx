import { Group } from '@mantine/core';
import type { ListLook } from './list-look.js';
import type { ListParams } from './list-params.js';
import { DownloadMenu } from './download-menu.js';
import { LookMenu } from './look-menu.js';
import { ViewsMenu } from './views-menu.js';

interface ListToolbarProps {
  params: ListParams;
  look: ListLook;
  onLook: (change: Partial<ListLook>) => void;
  total: number | undefined;
}

/** Appearance of the list, saved views, and the list as a file. */
export default function ListToolbar({ params, look, onLook, total }: ListToolbarProps) {
  return (
    <Group role="toolbar" aria-label="The list" gap="xs">
      <ViewsMenu params={params} />
      <LookMenu look={look} onLook={onLook} />
      <DownloadMenu params={params} total={total} />
    </Group>
  );
}
