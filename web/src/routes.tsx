import { Suspense } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { FailureBoundary } from './loading/failure-boundary.js';
import { loadedPart } from './loading/loaded-part.js';
import { useLoadAhead } from './loading/use-load-ahead.js';
import { ComputeNodesPage } from './nodes/compute-nodes-page.js';
import { Loading } from './parts/loading.js';
import { NotFoundPage } from './shell/not-found-page.js';

/** With its plots. */
const NodePage = loadedPart(() => import('./node/node-page.js'));

const SessionsPage = loadedPart(() => import('./sessions/sessions-page.js'));
const SessionPage = loadedPart(() => import('./sessions/session-page.js'));

/** Every address of the page. The tab of a node's page is part of its path: `/nodes/node-1/sessions`. */
export function Routes() {
  const [path] = useLocation();
  useLoadAhead(NodePage);
  return (
    <FailureBoundary what="This page" of={path}>
      <Suspense fallback={<Loading what="page" />}>
        <Switch>
          <Route path="/">
            <Redirect to="/nodes" replace />
          </Route>
          <Route path="/nodes">
            <ComputeNodesPage />
          </Route>
          <Route path="/nodes/:id/:tab?">{({ id, tab }) => <NodePage key={id} id={id} tab={tab} />}</Route>
          <Route path="/sessions">
            <SessionsPage />
          </Route>
          <Route path="/sessions/:id">{({ id }) => <SessionPage key={id} id={id} />}</Route>
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </Suspense>
    </FailureBoundary>
  );
}
