import type { Catalog } from './catalog';
import { capital } from './context';

export const english: Catalog = {
  language: 'en',
  severity: { Low: 'Low', Medium: 'Medium', High: 'High', Critical: 'Critical' },
  // What is not here reads well as AWS writes it, taken apart into words: `accessKey`, `EKSCluster`, `Exfiltration`.
  labels: { remote: 'Remote address' },
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
    S3: 'S3 bucket',
    EKS: 'EKS cluster',
    Kubernetes: 'EKS cluster',
    ECS: 'ECS cluster',
    Runtime: 'workload',
    Lambda: 'Lambda function',
    RDSDBInstance: 'RDS database',
    RDS: 'RDS database',
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
  sentence(alert, { actor, resource, headline }) {
    const { action } = alert;
    if (alert.source === 'guardduty') {
      // A finding without a title of its own.
      const title = alert.title === alert.type ? headline : alert.title;
      return /[.!?]$/.test(title) ? title : `${title}.`;
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
  counted: (sentence, count, seconds) => `${count} times within ${duration(seconds)}, the last: ${sentence}`,
  variant: (letter) => `variant ${letter}`,
  signals: (count) => (count === 1 ? '1 signal' : `${count} signals`),
  more: (count) => `… and ${count.toLocaleString('en-US')} more`,
  refusedWith: (error) => `refused: ${error}`,
  repeated: (times, last) => `Seen *${times.toLocaleString('en-US')} times*, last ${last}`,
  again: (what) => `Again: ${what}`,
  digest: {
    title: (count, seconds) => `${count.toLocaleString('en-US')} alerts within ${seconds} seconds, in one message`,
    byType: 'By type',
    byAccount: 'By account',
    bySeverity: 'By severity',
    note: (file) =>
      file ? 'Every alert is in the file in this thread.' : 'Every alert is recorded in the alert table.',
  },
};

function duration(seconds: number): string {
  const [unit, size] = seconds % 3_600 === 0 ? ['hour', 3_600] : seconds % 60 === 0 ? ['minute', 60] : ['second', 1];
  return `${seconds / Number(size)} ${unit}${seconds === size ? '' : 's'}`;
}
