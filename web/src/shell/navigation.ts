import { scopesFor, type Powers } from '../../../contract/grants.js';
import type { Role } from '../../../contract/roles.js';
import type { IconName } from '../parts/icon.js';

/** The headings under which the navigation lists its pages, in this order. */
export const NAVIGATION_GROUPS = ['Admin', 'Reference'] as const;

/** A page that the navigation leads to. */
export interface NavigationEntry {
  group: (typeof NAVIGATION_GROUPS)[number];
  label: string;
  /** The page's address; the addresses below it are its own too. */
  path: string;
  icon: IconName;
  /** The least that who sees it may do. */
  role: Role;
  /** Goes there after `g`. */
  shortcut?: string;
  /** It is not a part of this page: it opens in a tab of its own. */
  external?: true;
}

/** Every page that the navigation, and whoever looks for a page, leads to: a new page is a row here and a route in routes.tsx. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { group: 'Admin', label: 'Overview', path: '/', shortcut: 'o', icon: 'grid', role: 'viewer' },
  { group: 'Admin', label: 'Compute Nodes', path: '/nodes', shortcut: 'n', icon: 'server', role: 'viewer' },
  { group: 'Admin', label: 'Sessions', path: '/sessions', shortcut: 's', icon: 'menu', role: 'viewer' },
  { group: 'Admin', label: 'Drains', path: '/drains', shortcut: 'd', icon: 'drain', role: 'viewer' },
  { group: 'Admin', label: 'Maintenance', path: '/maintenance', shortcut: 'm', icon: 'calendar', role: 'viewer' },
  { group: 'Admin', label: 'Agent updates', path: '/agent-updates', shortcut: 'u', icon: 'refresh', role: 'viewer' },
  { group: 'Admin', label: 'Join tokens', path: '/join-tokens', shortcut: 'j', icon: 'key', role: 'operator' },
  { group: 'Admin', label: 'Access', path: '/access', shortcut: 'a', icon: 'people', role: 'viewer' },
  { group: 'Admin', label: 'Alerts', path: '/alerts', shortcut: 'e', icon: 'alert', role: 'viewer' },
  { group: 'Admin', label: 'Webhooks', path: '/webhooks', shortcut: 'w', icon: 'external', role: 'viewer' },
  { group: 'Admin', label: 'Audit', path: '/audit', shortcut: 'l', icon: 'list', role: 'viewer' },
  { group: 'Admin', label: 'Settings', path: '/settings', shortcut: 't', icon: 'settings', role: 'admin' },
  { group: 'Reference', label: 'The API', path: '/docs', icon: 'external', role: 'viewer', external: true },
];

/** What of it somebody sees. */
export function navigationFor(powers: Powers): readonly NavigationEntry[] {
  return NAVIGATION.filter((entry) => scopesFor(powers, entry.role)?.length !== 0);
}

/** Whether this address is the entry's page, or one below it. */
export function isIn({ path }: NavigationEntry, address: string): boolean {
  return address === path || (path !== '/' && address.startsWith(`${path}/`));
}
