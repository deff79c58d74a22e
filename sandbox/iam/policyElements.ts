import { malformed } from './documents';

/** @throws ServiceError `MalformedPolicyDocument` for a resource that is no ARN, or none that its service has */
export function checkResources(resources: readonly unknown[]): void {
  for (const resource of resources) {
    if (typeof resource === 'string' && resource !== '*') {
      checkResource(resource);
    }
  }
}

const partitions = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc', '*'];

const iamPaths = [
  ...['user', 'federated-user', 'role', 'group', 'instance-profile', 'mfa', 'server-certificate', 'policy'],
  ...['sms-mfa', 'saml-provider', 'oidc-provider', 'report', 'access-report'],
].map((kind) => `${kind}/`);

function checkResource(arn: string): void {
  const parts = arn.split(':');
  const [, partition, vendor] = parts;
  if (partition === undefined) {
    throw malformed(`Resource ${arn} must be in ARN format or "*".`);
  }
  if (!partitions.includes(partition)) {
    const rest = parts.slice(1);
    const whole = ['arn', ...rest, ...new Array<string>(Math.max(0, 5 - rest.length)).fill('*')].join(':');
    throw malformed(`Partition "${partition}" is not valid for resource "${whole}".`);
  }
  if (parts[0] !== 'arn') {
    throw malformed(`Resource ${arn} must be in ARN format or "*".`);
  }
  if (vendor === undefined || /[*?]/.test(vendor)) {
    throw malformed('Resource vendor must be fully qualified and cannot contain regexes.');
  }
  checkOwnRules(arn, vendor, parts);
}

/** What IAM and S3 ask of their own ARNs. */
function checkOwnRules(arn: string, vendor: string, [, , , region, account, ...rest]: readonly string[]): void {
  const path = rest.join(':');
  if (vendor === 'iam') {
    if (region) {
      throw malformed(`IAM resource ${arn} cannot contain region information.`);
    }
    if (path !== '' && path !== '*' && path !== 'root' && !iamPaths.some((start) => path.startsWith(start))) {
      throw malformed(`IAM resource path must either be "*" or start with ${iamPaths.join(', ')}.`);
    }
  }
  // Access points are in a region, and in an account.
  if (vendor === 's3' && region && !account) {
    throw malformed(`Resource ${arn} can not contain region information.`);
  }
}

/** @throws ServiceError `MalformedPolicyDocument` for none, and for what is none */
export function checkActions(actions: readonly unknown[]): void {
  if (actions.length === 0) {
    throw malformed('Policy statement must contain actions.');
  }
  for (const action of actions) {
    if (typeof action === 'string' && action !== '*') {
      checkAction(action);
    }
  }
}

function checkAction(action: string): void {
  const [vendor = '', operation, ...more] = action.split(':');
  if (operation === undefined) {
    throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  if (more.length > 0) {
    throw malformed('Actions/Condition can contain only one colon.');
  }
  if (!/^[a-zA-Z0-9.-]+$/.test(vendor)) {
    throw malformed(`Vendor ${vendor} is not valid`);
  }
}
