import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import type { OrganizationModel } from './model';

/** GuardDuty's findings at or above the configured severity. Severities are numbers with decimals: no list holds them. */
export function findingsPattern({ minimumSeverity }: OrganizationModel): EventPattern {
  return {
    source: ['aws.guardduty'],
    detailType: ['GuardDuty Finding'],
    detail: { severity: Match.greaterThanOrEqual(minimumSeverity) },
  };
}
