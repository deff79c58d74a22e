import type { CallCount } from '../../sandbox';

/** What the parts of the bench are asked for. */
export interface Task {
  readonly kind: 'detectors' | 'members' | 'clear' | 'calls' | 'enrol' | 'settle' | 'idle' | 'bare';
  readonly accounts: number;
  readonly regions: number;
  /** Milliseconds a call. */
  readonly latency: number;
  readonly concurrency: number;
  readonly limits: boolean;
}

export interface Answer {
  readonly endpoint?: string;
  readonly calls?: CallCount[];
  readonly seconds: number;
  /** The most that the process held. */
  readonly megabytes?: number;
  readonly guarded?: number;
  readonly phases?: Readonly<Record<string, number>>;
}

export const managementId = '100000000001';
export const administratorId = '100000000002';
export const assetsBucket = `garrison-assets-${administratorId}-us-east-1`;
export const findingsBucket = `garrison-findings-${administratorId}-us-east-1`;

const names =
  'us-east-1 us-east-2 us-west-1 us-west-2 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1 sa-east-1 ' +
  'af-south-1 ap-east-1 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1';

/** The first are on everywhere; the others need opting in. */
export const regionsOf = ({ regions }: Task) => names.split(' ').slice(0, regions);
export const optIn = names.split(' ').slice(17);

export const memberIds = ({ accounts }: Task) =>
  Array.from({ length: accounts }, (_, index) => String(200_000_000_000 + index));

/** Filters, lists and destinations of each region, where the administrator has settings. */
export const settingsPerRegion = 6;

/** So many of them, and a protection plan, in the section `guardduty`; `list.txt` lies beside `garrison.yaml`. */
export const settingsYaml = `
  plans: { EKS_RUNTIME_MONITORING: DISABLED }
  filters:
    - { name: known-scanner, criteria: { severity: { lessThan: 4 } } }
    - { name: canaries, criteria: { type: { equals: ["Recon:EC2/PortProbeUnprotectedPort"] } } }
  trustedIpLists: [{ name: offices, file: list.txt }]
  threatLists: [{ name: bad, file: list.txt }, { name: worse, file: list.txt }]
  publishingDestinations: [{ create: true }]
`;

export const emailOf = (id: string) => `aws+${id}@example.com`;

export const megabytes = () => Math.round(process.resourceUsage().maxRSS / 1024);

/** Answers one task after the other, until the parent lets go. */
export function serve(work: (task: Task) => Promise<Answer>): void {
  process.on('message', (task: Task) => {
    work(task).then(
      (answer) => process.send?.(answer),
      (error: Error) => process.send?.({ error: error.stack }),
    );
  });
  process.on('disconnect', () => process.exit());
}
