import type { Catalog } from './catalog';

export const english: Catalog = {
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
  facts: {
    instanceType: 'instance type',
    image: 'image',
    publicAddress: 'public address',
    privateAddress: 'private address',
    vpc: 'VPC',
    access: 'access',
    namespace: 'namespace',
    workload: 'workload',
    container: 'container',
    process: 'process',
    file: 'file',
    malware: 'malware',
    threatList: 'threat list',
    engine: 'engine',
    database: 'database',
    task: 'task',
    domain: 'domain',
    port: 'port',
    userAgent: 'user agent',
    accessKey: 'access key',
    session: 'session',
    mfa: 'MFA',
    error: 'error',
    parameters: 'parameters',
  },
  kinds: {
    Instance: 'EC2 instance',
    EC2: 'EC2 instance',
    AccessKey: 'access key',
    IAMUser: 'IAM user',
    IAM: 'IAM principal',
    Root: 'root user',
    AssumedRole: 'role',
    Role: 'role',
    FederatedUser: 'federated user',
    SAMLUser: 'SAML user',
    WebIdentityUser: 'web identity user',
    IdentityCenterUser: 'Identity Center user',
    AWSService: 'AWS service',
    AWSAccount: 'AWS account',
    Unknown: 'unknown principal',
    DatabaseUser: 'database user',
    KubernetesUser: 'Kubernetes user',
    S3Bucket: 'S3 bucket',
    S3: 'S3 bucket',
    S3Object: 'S3 object',
    EKSCluster: 'EKS cluster',
    EKS: 'EKS cluster',
    Kubernetes: 'EKS cluster',
    ECSCluster: 'ECS cluster',
    ECS: 'ECS cluster',
    Container: 'container',
    Runtime: 'workload',
    Lambda: 'Lambda function',
    RDSDBInstance: 'RDS database',
    RDSLimitlessDB: 'Aurora Limitless database',
    RDS: 'RDS database',
    EBSSnapshot: 'EBS snapshot',
    EBSVolume: 'EBS volume',
    EC2Image: 'machine image',
    RecoveryPoint: 'recovery point',
  },
  purposes: {
    AttackSequence: 'Attack sequence',
    Backdoor: 'Backdoor',
    Behavior: 'Unusual behavior',
    CredentialAccess: 'Credential access',
    CryptoCurrency: 'Cryptocurrency',
    DefenseEvasion: 'Defense evasion',
    Discovery: 'Discovery',
    Execution: 'Execution',
    Exfiltration: 'Exfiltration',
    Impact: 'Impact',
    InitialAccess: 'Initial access',
    Object: 'Malicious object',
    PenTest: 'Penetration test',
    Persistence: 'Persistence',
    Policy: 'Policy',
    PrivilegeEscalation: 'Privilege escalation',
    Recon: 'Reconnaissance',
    Stealth: 'Stealth',
    Trojan: 'Trojan',
    UnauthorizedAccess: 'Unauthorized access',
  },
  buttons: { console: 'Open in console', json: 'Finding JSON', silence: 'Silence like this', runbook: 'Runbook' },
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
  repeat: (what) => `Again: ${what}`,
  digestTitle: (count, seconds) => `${count.toLocaleString('en-US')} alerts within ${seconds} seconds, in one message`,
  digestBy: { type: 'By type', account: 'By account', severity: 'By severity' },
  digestNote: (file) =>
    file ? 'Every alert is in the file in this thread.' : 'Every alert is recorded in the alert table.',
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
