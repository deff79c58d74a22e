import type { DriftDetails, Operation, StackSet } from './model';

/** What a drift detection over a set has found. */
export function driftDetails(set: StackSet, operation: Operation): DriftDetails {
  const results = [...operation.results.values()];
  const failed = results.filter((result) => result.status === 'FAILED').length;
  const instances = [...set.instances.values()];
  const drifted = instances.filter((instance) => instance.driftStatus === 'DRIFTED').length;
  const inSync = instances.filter((instance) => instance.driftStatus === 'IN_SYNC').length;
  const complete = failed === 0 ? 'COMPLETED' : failed === results.length ? 'FAILED' : 'PARTIAL_SUCCESS';
  return {
    status: drifted > 0 ? 'DRIFTED' : 'IN_SYNC',
    detection: operation.stopping ? 'STOPPED' : complete,
    checkedAt: operation.endedAt,
    total: instances.length,
    drifted,
    inSync,
    inProgress: 0,
    failed,
  };
}

/** `StackSetDriftDetectionDetails` of the API. */
export function describeDriftDetails(drift: DriftDetails | undefined) {
  return drift
    ? {
        DriftStatus: drift.status,
        DriftDetectionStatus: drift.detection,
        LastDriftCheckTimestamp: drift.checkedAt,
        TotalStackInstancesCount: drift.total,
        DriftedStackInstancesCount: drift.drifted,
        InSyncStackInstancesCount: drift.inSync,
        InProgressStackInstancesCount: drift.inProgress,
        FailedStackInstancesCount: drift.failed,
      }
    : undefined;
}
