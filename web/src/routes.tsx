import { Suspense } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { AGENT_UPDATES, DRAINS } from './drains/set-kind.js';
import { FailureBoundary } from './loading/failure-boundary.js';
import { loadedPart, useLoadAhead } from './loading/loaded-part.js';
import { ComputeNodesPage } from './nodes/compute-nodes-page.js';
import { Loading } from './parts/loading.js';
import { NotFoundPage } from './shell/not-found-page.js';

/** Includes the picture of the fleet. */
const OverviewPage = loadedPart(() => import('./overview/overview-page.js'));
/** Includes the plots. */
const NodePage = loadedPart(() => import('./node/node-page.js'));

const SessionsPage = loadedPart(() => import('./sessions/sessions-page.js'));
const SessionPage = loadedPart(() => import('./sessions/session-page.js'));
const SetsPage = loadedPart(() => import('./drains/sets-page.js'));
const SetPage = loadedPart(() => import('./drains/set-page.js'));
const JoinTokensPage = loadedPart(() => import('./tokens/join-tokens-page.js'));
const JoinTokenPage = loadedPart(() => import('./tokens/join-token-page.js'));
const ApprovalRulesPage = loadedPart(() => import('./approval/approval-rules-page.js'));
const AuditPage = loadedPart(() => import('./audit/audit-page.js'));
const SettingsPage = loadedPart(() => import('./settings/settings-page.js'));
const MaintenancePage = loadedPart(() => import('./maintenance/maintenance-page.js'));
const AlertsPage = loadedPart(() => import('./alerts/alerts-page.js'));
const WebhooksPage = loadedPart(() => import('./webhooks/webhooks-page.js'));
const WebhookPage = loadedPart(() => import('./webhooks/webhook-page.js'));
const AccessPage = loadedPart(() => import('./tokens/access-page.js'));

/** All routes of the page. The tab of a node's page is part of its path: `/nodes/node-1/sessions`. */
export function Routes() {
  const [path] = useLocation();
  useLoadAhead(NodePage);
  return (
    <FailureBoundary what="This page" of={path}>
      <Suspense fallback={<Loading what="page" />}>
        <Switch>
          <Route path="/">
            <OverviewPage />
          </Route>
          <Route path="/nodes">
            <ComputeNodesPage />
          </Route>
          <Route path="/nodes/:id/:tab?">{({ id, tab }) => <NodePage key={id} id={id} tab={tab} />}</Route>
          <Route path="/sessions">
            <SessionsPage />
          </Route>
          <Route path="/sessions/:id">{({ id }) => <SessionPage key={id} id={id} />}</Route>
          {[DRAINS, AGENT_UPDATES].map((kind) => (
            <Route key={kind.path} path={kind.path}>
              <SetsPage key={kind.path} kind={kind} />
            </Route>
          ))}
          {[DRAINS, AGENT_UPDATES].map((kind) => (
            <Route key={kind.path} path={`${kind.path}/:id`}>
              {({ id }) => <SetPage key={id} kind={kind} id={id} />}
            </Route>
          ))}
          <Route path="/join-tokens">
            <JoinTokensPage />
          </Route>
          <Route path="/join-tokens/:id">{({ id }) => <JoinTokenPage key={id} id={id} />}</Route>
          <Route path="/approval-rules">
            <ApprovalRulesPage />
          </Route>
          <Route path="/access">
            <AccessPage />
          </Route>
          <Route path="/maintenance">
            <MaintenancePage />
          </Route>
          <Route path="/alerts">
            <AlertsPage />
          </Route>
          <Route path="/webhooks">
            <WebhooksPage />
          </Route>
          <Route path="/webhooks/:id">{({ id }) => <WebhookPage key={id} id={id} />}</Route>
          <Route path="/audit">
            <AuditPage live={false} />
          </Route>
          <Route path="/audit/live">
            <AuditPage live />
          </Route>
          <Route path="/settings">
            <SettingsPage />
          </Route>
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </Suspense>
    </FailureBoundary>
  );
}
