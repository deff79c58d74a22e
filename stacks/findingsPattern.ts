import type { OrganizationModel } from './model';

/**
 * GuardDuty's findings at or above the configured severity. Severities are numbers with decimals: no list of values
 * holds them.
 */
export function findingsPattern({ minimumSeverity }: Pick<OrganizationModel, 'minimumSeverity'>) {
  return {
    source: ['aws.guardduty'],
    'detail-type': ['GuardDuty Finding'],
    detail: { severity: [{ numeric: ['>=', minimumSeverity] }] },
  };
}
