import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { ComputeNodesPage } from './nodes/compute-nodes-page.js';
import { Loading } from './parts/loading.js';
import { NotFoundPage } from './shell/not-found-page.js';

/** With its plots, loaded when the first node is opened. */
const NodePage = lazy(() => import('./node/node-page.js'));

const SessionsPage = lazy(() => import('./sessions/sessions-page.js'));
const SessionPage = lazy(() => import('./sessions/session-page.js'));

/** Every address of the page. The tab of a node's page is part of its path: `/nodes/node-1/sessions`. */
export function Routes() {
  return (
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
  );
}
