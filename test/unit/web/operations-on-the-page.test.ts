import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ADMIN_ACTIONS } from '../../../contract/node-actions.js';

const ROOT = join(import.meta.dirname, '../../..');
const WEB = join(ROOT, 'web/src');
const read = (path: string) => readFileSync(path, 'utf8');

interface Operation {
  operationId: string;
}
const { paths } = JSON.parse(read(join(ROOT, 'openapi.json'))) as { paths: Record<string, Record<string, Operation>> };
const OPERATIONS = Object.values(paths).flatMap((methods) =>
  Object.values(methods).map(({ operationId }) => operationId),
);

/** Operations that people use: the path of the page, and the file below web/src that sends the request. */
const ON_THE_PAGE: Record<string, { at: string; file: string }> = {
  createNode: { at: '/nodes', file: 'dialogs/register-node-form.tsx' },
  listNodes: { at: '/nodes', file: 'api/node-queries.ts' },
  getNode: { at: '/nodes/:id/:tab?', file: 'api/node-queries.ts' },
  editNode: { at: '/nodes/:id/:tab?', file: 'node/editable-panel.tsx' },
  ...Object.fromEntries(
    ADMIN_ACTIONS.map((action) => [`${action}Node`, { at: '/nodes/:id/:tab?', file: 'api/use-decision.ts' }]),
  ),
  regenerateBootstrapToken: { at: '/nodes/:id/:tab?', file: 'dialogs/regenerate-token-dialog.tsx' },
  listNodeEvents: { at: '/nodes/:id/:tab?', file: 'node/events-tab.tsx' },
  getNodeHistory: { at: '/nodes/:id/:tab?', file: 'api/node-history-query.ts' },
  listNodeSessions: { at: '/nodes/:id/:tab?', file: 'api/node-queries.ts' },
  terminateNodeSession: { at: '/nodes/:id/:tab?', file: 'sessions/use-terminate-sessions.ts' },
  ...Object.fromEntries(
    ['create', 'list', 'get', 'pause', 'resume', 'cancel'].flatMap((verb) => [
      [`${verb}Drain${verb === 'list' ? 's' : ''}`, { at: '/drains', file: 'drains/set-kind.ts' }],
      [`${verb}AgentUpdate${verb === 'list' ? 's' : ''}`, { at: '/agent-updates', file: 'drains/set-kind.ts' }],
    ]),
  ),
  getCluster: { at: '/nodes', file: 'api/node-queries.ts' },
  getFleetNodes: { at: '/', file: 'api/fleet-queries.ts' },
  getFleetHistory: { at: '/', file: 'api/fleet-queries.ts' },
  releaseMassSilence: { at: '/nodes', file: 'dialogs/release-dialog.tsx' },
  streamEvents: { at: '/audit/live', file: 'polling/use-live-events.ts' },
  listAudit: { at: '/audit', file: 'audit/audit-list.tsx' },
  createJoinToken: { at: '/join-tokens', file: 'tokens/new-join-token-dialog.tsx' },
  listJoinTokens: { at: '/join-tokens', file: 'tokens/token-queries.ts' },
  getJoinToken: { at: '/join-tokens/:id', file: 'tokens/token-queries.ts' },
  revokeJoinToken: { at: '/join-tokens', file: 'tokens/revoke-dialog.tsx' },
  listJoinTokenUses: { at: '/join-tokens/:id', file: 'tokens/token-queries.ts' },
  createApprovalRule: { at: '/approval-rules', file: 'approval/rule-dialog.tsx' },
  listApprovalRules: { at: '/approval-rules', file: 'approval/rule-queries.ts' },
  editApprovalRule: { at: '/approval-rules', file: 'approval/rule-dialog.tsx' },
  deleteApprovalRule: { at: '/approval-rules', file: 'approval/delete-rule-dialog.tsx' },
  testApprovalRules: { at: '/approval-rules', file: 'approval/rule-queries.ts' },
  createApiToken: { at: '/access', file: 'tokens/new-api-token-dialog.tsx' },
  listApiTokens: { at: '/access', file: 'tokens/token-queries.ts' },
  revokeApiToken: { at: '/access', file: 'tokens/revoke-dialog.tsx' },
  rotateApiToken: { at: '/access', file: 'tokens/rotate-dialog.tsx' },
  listMaintenance: { at: '/maintenance', file: 'maintenance/maintenance-page.tsx' },
  listAlerts: { at: '/alerts', file: 'alerts/alerts-page.tsx' },
  createMaintenanceWindow: { at: '/maintenance', file: 'maintenance/window-dialog.tsx' },
  listMaintenanceWindows: { at: '/maintenance', file: 'api/window-queries.ts' },
  editMaintenanceWindow: { at: '/maintenance', file: 'maintenance/window-dialog.tsx' },
  deleteMaintenanceWindow: { at: '/maintenance', file: 'maintenance/delete-window-dialog.tsx' },
  createWebhook: { at: '/webhooks', file: 'webhooks/new-webhook-dialog.tsx' },
  listWebhooks: { at: '/webhooks', file: 'webhooks/webhook-queries.ts' },
  getWebhook: { at: '/webhooks/:id', file: 'webhooks/webhook-queries.ts' },
  editWebhook: { at: '/webhooks/:id', file: 'webhooks/edit-webhook-dialog.tsx' },
  rotateWebhookSecret: { at: '/webhooks/:id', file: 'webhooks/rotate-webhook-dialog.tsx' },
  deleteWebhook: { at: '/webhooks/:id', file: 'webhooks/delete-webhook-dialog.tsx' },
  testWebhook: { at: '/webhooks/:id', file: 'webhooks/use-tell-webhook.ts' },
  listWebhookDeliveries: { at: '/webhooks/:id', file: 'webhooks/webhook-queries.ts' },
  replayWebhookDelivery: { at: '/webhooks/:id', file: 'webhooks/use-tell-webhook.ts' },
  logIn: { at: 'before every page', file: 'sign-in/sign-in-page.tsx' },
  getLoginProvider: { at: 'before every page', file: 'sign-in/provider-button.tsx' },
  beginProviderLogin: { at: 'before every page', file: 'sign-in/provider-button.tsx' },
  finishProviderLogin: { at: 'before every page', file: 'api/login-query.ts' },
  getLogin: { at: '/access', file: 'api/login-query.ts' },
  logOut: { at: 'in the head of every page', file: 'shell/account-menu.tsx' },
  openSession: { at: '/sessions', file: 'sessions/open-session-dialog.tsx' },
  listSessions: { at: '/sessions', file: 'sessions/session-queries.ts' },
  getSession: { at: '/sessions/:id', file: 'sessions/session-queries.ts' },
  terminateSession: { at: '/sessions', file: 'sessions/use-terminate-sessions.ts' },
  getReadiness: { at: 'in the banner of every page', file: 'api/readiness-query.ts' },
  getSettings: { at: '/settings', file: 'settings/settings-page.tsx' },
};

/** Operations that no person uses in a browser, and why. */
const FOR_MACHINES: Record<string, string> = {
  registerAgent: 'agents join by it',
  issueAccessToken: 'agents authenticate by it',
  rotateKey: 'agents replace their keys by it',
  sendHeartbeat: 'agents beat by it',
  putInfo: 'agents report by it',
  sayGoodbye: 'agents leave by it',
  decideAvailability: 'agents take their nodes out by it',
  getOwnAvailability: 'agents wait for the end of such drains by it',
  getCommands: 'agents wait for sessions by it',
  reportSessions: 'agents report by it',
  listPrometheusTargets: 'Prometheus finds its targets by it',
  getInstallScript: 'machines fetch it by the command that the page shows',
  getPackage: 'the script and agents fetch packages by it',
  getLiveness: 'whoever starts processes asks it',
  getMetrics: 'Prometheus reads it',
  beginDeviceLogin: 'the command line begins to sign its person in by it',
  pollDeviceLogin: 'the command line waits for its person by it',
  getMaintenanceWindow: 'scripts and the command line ask for one; the page lists all of them, whole',
  getApprovalRule: 'scripts and the command line ask for one; the page lists all of them, whole',
  getVersions: 'programs look by it whether they are to change',
  getSupport: 'rollcall support-bundle makes an archive of all replicas of it',
  decodePayloads: "Temporal's Web UI and its command ask it",
  encodePayloads: "Temporal's Web UI and its command ask it",
};

/** Streams are not functions of the client: the page has the address itself. */
const IN_ITS_FILE: Record<string, RegExp> = {
  streamEvents: /new EventSource\('\/v1\/events'\)/,
  ...Object.fromEntries(ADMIN_ACTIONS.map((action) => [`${action}Node`, /OPERATIONS\[`\$\{action\}Node`\]\(/])),
};

test('every operation is on the page, or for machines', () => {
  const placed = [...Object.keys(ON_THE_PAGE), ...Object.keys(FOR_MACHINES)];
  expect(OPERATIONS.filter((id) => !placed.includes(id))).toEqual([]);
  expect(placed.filter((id) => !OPERATIONS.includes(id))).toEqual([]);
  expect(placed.length).toBe(new Set(placed).size);
});

test('operations listed for the page are used there', () => {
  const elsewhere = Object.entries(ON_THE_PAGE).filter(([id, { file }]) => {
    const path = join(WEB, file);
    const call = IN_ITS_FILE[id] ?? new RegExp(`import \\{[^}]*\\b${id}\\b[^}]*\\} from '[./]*/client/index\\.js'`);
    return !existsSync(path) || !call.test(read(path));
  });
  expect(elsewhere).toEqual([]);
});

test('the addresses are those of the page', () => {
  const routes = read(join(WEB, 'routes.tsx'));
  const addresses = new Set(
    Object.values(ON_THE_PAGE)
      .map(({ at }) => at)
      .filter((at) => at.startsWith('/')),
  );
  const kinds = read(join(WEB, 'drains/set-kind.ts'));
  const unknown = [...addresses].filter(
    (at) => !routes.includes(`<Route path="${at}">`) && !kinds.includes(`path: '${at}',`),
  );
  expect(unknown).toEqual([]);
});
