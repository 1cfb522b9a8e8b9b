import { useQuery } from '@tanstack/react-query';
import { clusterQuery } from '../api/node-queries.js';
import { readinessQuery } from '../api/readiness-query.js';
import { FailureBoundary } from '../loading/failure-boundary.js';
import { Loading } from '../parts/loading.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { AttentionList } from './attention-list.js';
import { ControlPlanePanel } from './control-plane-panel.js';
import { FleetPicture } from './fleet-picture.js';
import classes from './overview-page.module.css';
import { StatesOverTime } from './states-over-time.js';

/** What needs attention, the fleet now and over time, and the state of the control plane itself. */
export default function OverviewPage() {
  const refetchInterval = usePollInterval();
  const cluster = useQuery({ ...clusterQuery, refetchInterval });
  const readiness = useQuery({ ...readinessQuery, refetchInterval });
  // Old data is dropped if it cannot be read again, and a replica of an older version reports less.
  const counted = cluster.isError || !says(cluster.data, 'attention') ? undefined : cluster.data;
  const found = readiness.isError || !says(readiness.data, 'workers') ? undefined : readiness.data;
  return (
    <>
      <PageHeading title="Overview" />
      {cluster.isPending || readiness.isPending ? (
        <Loading what="overview" />
      ) : (
        <AttentionList cluster={counted} readiness={found} />
      )}
      <div className={classes['parts']}>
        <div className={classes['wide']}>
          <FailureBoundary what="The picture of the fleet">
            <FleetPicture />
          </FailureBoundary>
        </div>
        <FailureBoundary what="The history of the fleet">
          <StatesOverTime />
        </FailureBoundary>
        <ControlPlanePanel cluster={counted} readiness={found} />
      </div>
    </>
  );
}

function says(answer: object | undefined, what: string): boolean {
  return answer !== undefined && what in answer;
}
