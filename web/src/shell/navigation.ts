import { scopesFor, type Powers, type Role } from '../../../contract/grants.js';
import type { IconName } from '../parts/icon.js';

/** Headings of the navigation, in order. */
export const NAVIGATION_GROUPS = ['Admin', 'Reference'] as const;

/** A page in the navigation. */
export interface NavigationEntry {
  group: (typeof NAVIGATION_GROUPS)[number];
  label: string;
  /** The page's path; paths below it belong to it too. */
  path: string;
  icon: IconName;
  /** Lowest role that sees it. */
  role: Role;
  /** Key that opens it after `g`. */
  shortcut?: string;
  /** An external page, which opens in a new tab. */
  external?: true;
}

/** All pages of the navigation and the palette: a new page is a row here and a route in routes.tsx. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { group: 'Admin', label: 'Overview', path: '/', shortcut: 'o', icon: 'grid', role: 'viewer' },
  { group: 'Admin', label: 'Compute Nodes', path: '/nodes', shortcut: 'n', icon: 'server', role: 'viewer' },
  { group: 'Admin', label: 'Sessions', path: '/sessions', shortcut: 's', icon: 'menu', role: 'viewer' },
  { group: 'Admin', label: 'Drains', path: '/drains', shortcut: 'd', icon: 'drain', role: 'viewer' },
  { group: 'Admin', label: 'Maintenance', path: '/maintenance', shortcut: 'm', icon: 'calendar', role: 'viewer' },
  { group: 'Admin', label: 'Agent updates', path: '/agent-updates', shortcut: 'u', icon: 'refresh', role: 'viewer' },
  { group: 'Admin', label: 'Join tokens', path: '/join-tokens', shortcut: 'j', icon: 'key', role: 'operator' },
  { group: 'Admin', label: 'Approval rules', path: '/approval-rules', icon: 'check', role: 'operator' },
  { group: 'Admin', label: 'Access', path: '/access', shortcut: 'a', icon: 'people', role: 'viewer' },
  { group: 'Admin', label: 'Alerts', path: '/alerts', shortcut: 'e', icon: 'alert', role: 'viewer' },
  { group: 'Admin', label: 'Webhooks', path: '/webhooks', shortcut: 'w', icon: 'external', role: 'viewer' },
  { group: 'Admin', label: 'Audit', path: '/audit', shortcut: 'l', icon: 'list', role: 'viewer' },
  { group: 'Admin', label: 'Settings', path: '/settings', shortcut: 't', icon: 'settings', role: 'admin' },
  { group: 'Reference', label: 'The API', path: '/docs', icon: 'external', role: 'viewer', external: true },
];

/** The entries that the viewer may see. */
export function navigationFor(powers: Powers): readonly NavigationEntry[] {
  return NAVIGATION.filter((entry) => scopesFor(powers, entry.role)?.length !== 0);
}

/** Whether this path is the entry's page, or below it. */
export function isIn({ path }: NavigationEntry, address: string): boolean {
  return address === path || (path !== '/' && address.startsWith(`${path}/`));
}
