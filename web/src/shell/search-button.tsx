import { ActionIcon, Tooltip } from '@mantine/core';
import { openSheet } from '../actions/open-sheet.js';
import { Icon } from '../parts/icon.js';

/** Opens the palette, for those who do not use shortcuts. */
export function SearchButton() {
  return (
    <Tooltip label="Search everything: /">
      <ActionIcon
        variant="default"
        size={30}
        aria-label="Search everything"
        aria-keyshortcuts="/ Control+K"
        onClick={() => openSheet('palette')}
      >
        <Icon name="search" />
      </ActionIcon>
    </Tooltip>
  );
}
