import type { Powers } from '../../../contract/grants.js';
import { navigationFor } from '../shell/navigation.js';

/** First key of a sequence; a page's own key follows. */
export const GO = 'g';

/** Keys and their effects; those of pages come from the navigation. */
export function shortcutsFor(powers: Powers): { keys: readonly string[]; does: string }[] {
  return [
    { keys: ['/'], does: 'Search everything, and find pages and commands' },
    { keys: ['Ctrl', 'K'], does: 'The same, also while typing' },
    { keys: ['?'], does: 'Show this list' },
    { keys: ['Esc'], does: 'Close the open dialog' },
    { keys: ['←', '↑', '↓', '→'], does: 'In the picture of the fleet: move between nodes; Enter opens one' },
    ...navigationFor(powers).flatMap(({ label, shortcut }) =>
      shortcut === undefined ? [] : [{ keys: [GO, shortcut], does: `Go to ${label}` }],
    ),
  ];
}
