import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Place } from '../organization/errors';

/** CloudFormation in one account and region, through a client that has that account's credentials. */
export interface StackTarget {
  readonly accountId: string;
  readonly region: string;
  readonly client: CloudFormationClient;
}

/** Where a failure happened, for an error. */
export function placeOf({ accountId, region }: StackTarget, operation?: string): Place {
  return { accountId, region, operation };
}
