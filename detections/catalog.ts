import { accountLeft } from './catalog/account-left';
import { billingOrSupportChanged } from './catalog/billing-or-support-changed';
import { configStopped } from './catalog/config-stopped';
import { consoleSignIn } from './catalog/console-sign-in';
import { domainTransferred } from './catalog/domain-transferred';
import { failedSignIns } from './catalog/failed-sign-ins';
import { garrisonChanged } from './catalog/garrison-changed';
import { gatewayChanged } from './catalog/gateway-changed';
import { guarddutyDisabled } from './catalog/guardduty-disabled';
import { guarddutyFindingsSuppressed } from './catalog/guardduty-findings-suppressed';
import { guarddutyMembershipChanged } from './catalog/guardduty-membership-changed';
import { iamAccessKeyChanged } from './catalog/iam-access-key-changed';
import { iamPolicyChanged } from './catalog/iam-policy-changed';
import { iamUserChanged } from './catalog/iam-user-changed';
import { kmsKeyDisabled } from './catalog/kms-key-disabled';
import { mfaDeactivated } from './catalog/mfa-deactivated';
import { networkAclChanged } from './catalog/network-acl-changed';
import { organizationChanged } from './catalog/organization-changed';
import { privilegedRoleUsed } from './catalog/privileged-role-used';
import { rootActivity } from './catalog/root-activity';
import { rootSignIn } from './catalog/root-sign-in';
import { routeTableChanged } from './catalog/route-table-changed';
import { s3BucketPolicyChanged } from './catalog/s3-bucket-policy-changed';
import { s3ObjectsRemoved } from './catalog/s3-objects-removed';
import { s3ProtectionRemoved } from './catalog/s3-protection-removed';
import { securityGroupChanged } from './catalog/security-group-changed';
import { securityGroupOpenToWorld } from './catalog/security-group-open-to-world';
import { serviceControlPolicyChanged } from './catalog/service-control-policy-changed';
import { signInOutsideNetworks } from './catalog/sign-in-outside-networks';
import { signInWithoutMfa } from './catalog/sign-in-without-mfa';
import { trailChanged } from './catalog/trail-changed';
import { trailSelectorsWeakened } from './catalog/trail-selectors-weakened';
import { trailStopped } from './catalog/trail-stopped';
import { unapprovedImage } from './catalog/unapproved-image';
import { unauthorizedCalls } from './catalog/unauthorized-calls';
import { vpcChanged } from './catalog/vpc-changed';
import type { Detection } from './detection';

/** Every detection, by its id. */
export const catalog: readonly Detection[] = [
  accountLeft,
  billingOrSupportChanged,
  configStopped,
  consoleSignIn,
  domainTransferred,
  failedSignIns,
  garrisonChanged,
  gatewayChanged,
  guarddutyDisabled,
  guarddutyFindingsSuppressed,
  guarddutyMembershipChanged,
  iamAccessKeyChanged,
  iamPolicyChanged,
  iamUserChanged,
  kmsKeyDisabled,
  mfaDeactivated,
  networkAclChanged,
  organizationChanged,
  privilegedRoleUsed,
  rootActivity,
  rootSignIn,
  routeTableChanged,
  s3BucketPolicyChanged,
  s3ObjectsRemoved,
  s3ProtectionRemoved,
  securityGroupChanged,
  securityGroupOpenToWorld,
  serviceControlPolicyChanged,
  signInOutsideNetworks,
  signInWithoutMfa,
  trailChanged,
  trailSelectorsWeakened,
  trailStopped,
  unapprovedImage,
  unauthorizedCalls,
  vpcChanged,
];
