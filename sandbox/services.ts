import type { ServiceEntry } from './core/registry';

/** Every service of the local organization. Each is loaded on first use, the eager ones with the world. */
export const services: readonly ServiceEntry[] = [
  { names: ['sts'], load: async () => (await import('./sts')).createSts },
  { names: ['iam'], eager: true, load: async () => (await import('./iam')).createIam },
  { names: ['events'], load: async () => (await import('./eventbridge')).createEventBridge },
  { names: ['sqs'], load: async () => (await import('./sqs')).createSqs },
  { names: ['lambda'], load: async () => (await import('./lambda')).createLambda },
  { names: ['kms'], load: async () => (await import('./kms')).createKms },
  { names: ['ssm'], load: async () => (await import('./ssm')).createSsm },
  { names: ['logs'], load: async () => (await import('./logs')).createLogs },
  { names: ['s3'], load: async () => (await import('./s3')).createS3 },
  { names: ['slack'], httpPaths: ['_slack'], load: async () => (await import('./slack')).createSlack },
];
