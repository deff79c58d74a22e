import pc from 'picocolors';
import type { DriftReport } from '../../cloudformation';

/** What was changed by hand, a line for each property. */
export function driftLines(reports: readonly DriftReport[]): string[] {
  const lines = reports.flatMap(({ stackSet, drifted, unchecked }) => [
    ...drifted.flatMap(({ accountId, region, logicalId, type, change, properties }) => [
      `${pc.red('! by hand')}  ${accountId} ${region}  ${stackSet}: ${type} ${logicalId} ${change === 'DELETED' ? 'is gone' : 'was changed'}`,
      ...properties.map(
        ({ path, expected, actual }) => `    ${path}: ${expected || 'nothing'} → ${actual || 'nothing'}`,
      ),
    ]),
    ...unchecked.map(
      ({ accountId, region, reason }) =>
        `${pc.yellow('? unknown')}  ${accountId} ${region}  ${stackSet}: could not be looked at${reason ? `: ${reason}` : ''}`,
    ),
  ]);
  return lines.length > 0 ? lines : ['Nothing was changed by hand.'];
}
