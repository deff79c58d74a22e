import { managementId, securityId } from '../../support/localOrganization';

export const memberId = '100000000011';
export const newcomerId = '100000000012';
export const region = 'us-east-1';

/** Which of the two configurations of a life. */
export interface Stage {
  readonly route: 'invitation' | 'policy';
  /** Name of the lists and what else differs between the two configurations. */
  readonly name: 'first' | 'second';
}

/** Everything that `garrison.yaml` can switch on that changes what a role may do. */
export function configuration(endpoint: string, key: string, { route, name }: Stage): string {
  const isFirst = name === 'first';
  return `managementAccount: "${managementId}"
securityAccount: "${securityId}"
homeRegion: ${region}
regions: [${region}]
roles: {tags: {team: security}}
guardduty:
  route: ${route}
${isFirst ? '' : '  autoEnable: NEW\n  policy: {targets: [Workloads]}\n'}
  plans: {S3_DATA_EVENTS: ENABLED}
  filters:
    - {name: known-scanner, description: ${name}, criteria: {severity: {lessThan: 2}}}
${isFirst ? '    - {name: of-the-past, criteria: {severity: {lessThan: 2}}}\n' : ''}
  trustedIpLists: [{name: ${isFirst ? 'offices' : 'branches'}, file: lists/${name}.txt}]
  threatLists: [{name: bad, file: lists/${name}.txt}${isFirst ? ', {name: gone, file: lists/first.txt}' : ''}]
  publishingDestinations: [${isFirst ? '' : `{create: true}, {bucketArn: "arn:aws:s3:::findings-of-ours/ours", kmsKeyArn: "${key}"}`}]
notifier:
  slack: {botToken: {parameter: /garrison/slack/token}, channel: C0ALERTS01, apiUrl: "${endpoint}/_slack/api"}
  alarmEmails: [security@example.com]
  digest: {threshold: 0}
detections:
  enabled: [security-group-open-to-world, privileged-role-used]
${isFirst ? '' : '  settings: {privileged-role-used: {administratorPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"]}}\n'}  logFiles: {bucket: acme-trail-logs, bucketAccount: "${memberId}", prefix: AWSLogs/, topicArn: "arn:aws:sns:${region}:${securityId}:acme-trail-files"}
responders:
  enabled: [opened-security-group, unapproved-image]
  enforce: [{responders: [opened-security-group], strategy: revoke, accounts: ["${memberId}"], approval: true}]
attestation: {enabled: true, detections: [privileged-role-used]${isFirst ? '' : ', botConcurrency: none'}}
stackSets:
  contacts:
    template: contacts.yaml
    accounts: ["${memberId}"]
    columns: {Owner: owner}
    permissions:
      - sid: Parameters
        actions: [ssm:PutParameter, ssm:DeleteParameter, ssm:GetParameter]
        resources: ["arn:aws:ssm:*:\${AWS::AccountId}:parameter/contact"]
`;
}

/** A template of one's own. */
export const contacts = `
Parameters: {Owner: {Type: String, Default: nobody}}
Resources:
  Contact: {Type: "AWS::SSM::Parameter", Properties: {Name: /contact, Type: String, Value: !Ref Owner}}
`;

/** `accounts.csv`. */
export function accounts(ids: readonly string[], { name }: Stage): string {
  const rows = ids.map((id) => `${id},aws+${id}@example.com,account-${id.slice(-2)},Workloads,${name}`);
  return `accountId,email,name,ou,owner\n${rows.join('\n')}\n`;
}
