import type { Catalog } from './catalog';

export const english: Catalog = {
  language: 'en',
  severity: { Low: 'Low', Medium: 'Medium', High: 'High', Critical: 'Critical' },
  labels: {
    account: 'Account',
    organizationalUnit: 'Organizational unit',
    region: 'Region',
    severity: 'Severity',
    resource: 'Resource',
    actor: 'Actor',
    remote: 'Remote address',
    action: 'Action',
    count: 'Count',
    seen: 'Seen',
    type: 'Type',
    finding: 'Finding',
    event: 'Event',
    detection: 'Detection',
  },
  // What is not here reads well as AWS writes it, taken apart into words: `accessKey`, `EKSCluster`, `Exfiltration`.
  facts: { vpc: 'VPC', mfa: 'MFA' },
  kinds: {
    Instance: 'EC2 instance',
    EC2: 'EC2 instance',
    IAM: 'IAM principal',
    AccessKey: 'access key',
    AssumedRole: 'role',
    Role: 'role',
    Root: 'root user',
    Unknown: 'unknown principal',
    DatabaseUser: 'database user',
    S3: 'S3 bucket',
    EKS: 'EKS cluster',
    Kubernetes: 'EKS cluster',
    ECS: 'ECS cluster',
    Container: 'container',
    Runtime: 'workload',
    Lambda: 'Lambda function',
    RDSDBInstance: 'RDS database',
    RDSLimitlessDB: 'Aurora Limitless database',
    RDS: 'RDS database',
    RecoveryPoint: 'recovery point',
  },
  purposes: {
    Behavior: 'Unusual behavior',
    CryptoCurrency: 'Cryptocurrency',
    Object: 'Malicious object',
    PenTest: 'Penetration test',
    Recon: 'Reconnaissance',
  },
  buttons: {
    console: 'Open in console',
    finding: 'Finding JSON',
    event: 'Event JSON',
    silence: 'Silence like this',
    runbook: 'Runbook',
  },
  sample: 'SAMPLE',
  unknownAccount: 'not in accounts.csv',
  blocked: 'blocked',
  sentence(alert, { actor, resource }) {
    const { action } = alert;
    if (alert.source === 'guardduty') {
      return /[.!?]$/.test(alert.title) ? alert.title : `${alert.title}.`;
    }
    if (action?.kind === 'signIn') {
      const without = alert.facts.some(({ name, value }) => name === 'mfa' && value === 'No') ? ' without MFA' : '';
      return action.error === undefined
        ? `${capital(actor)} signed in to the AWS console${without}.`
        : `${capital(actor)} failed to sign in to the AWS console: ${action.error}.`;
    }
    if (action?.kind === 'apiCall') {
      const on = resource === '' ? '' : ` on ${resource}`;
      const error = action.error === undefined ? '' : `, which was refused with ${action.error}`;
      return `${capital(actor)} called ${action.text}${on}${error}.`;
    }
    return alert.title;
  },
  variant: (letter) => `variant ${letter}`,
  signals: (count) => (count === 1 ? '1 signal' : `${count} signals`),
  more: (count) => `… and ${count.toLocaleString('en-US')} more`,
  refusedWith: (error) => `refused: ${error}`,
  repeated: (times, last) => `Seen *${times.toLocaleString('en-US')} times*, last ${last}`,
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
