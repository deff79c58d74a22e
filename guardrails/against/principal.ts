import { type CloudTrailRecord, textAt } from '../../detections/record';

/** Who made a call, as far as guardrails are concerned. */
export type Principal =
  | { readonly held: true; readonly arn: string; readonly accountId: string }
  /** Service control policies do not hold for it, or its own account's log tells of it. */
  | {
      readonly held: false;
      readonly because: 'service' | 'service-linked role' | 'management account' | 'other account';
    };

/** Whether service control policies hold for whoever made a call, and `aws:PrincipalArn` of it. */
export function principalOf(record: CloudTrailRecord, managementAccountId: string): Principal {
  const type = textAt(record, 'userIdentity.type');
  const accountId = textAt(record, 'userIdentity.accountId');
  const arn = principalArn(record, type);
  if (type === 'AWSService') {
    return { held: false, because: 'service' };
  }
  if (accountId === undefined || arn === undefined || type === 'AWSAccount') {
    // The log of the caller's own account names the caller in full.
    return { held: false, because: 'other account' };
  }
  if (accountId === managementAccountId) {
    return { held: false, because: 'management account' };
  }
  return arn.includes(':role/aws-service-role/')
    ? { held: false, because: 'service-linked role' }
    : { held: true, arn, accountId };
}

/** Of a session it is the role's own ARN, with its path. */
function principalArn(record: CloudTrailRecord, type: string | undefined): string | undefined {
  const arn = textAt(record, 'userIdentity.arn');
  if (type === 'AssumedRole') {
    return textAt(record, 'userIdentity.sessionContext.sessionIssuer.arn');
  }
  return arn;
}
