/** A region and whether accounts have to opt in to it. */
export type RegionTable = ReadonlyMap<string, { readonly optIn: boolean }>;

const standard = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
];

const optIn = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
];

const partitions: Readonly<Record<string, { standard: readonly string[]; optIn: readonly string[]; global: string }>> =
  {
    aws: { standard, optIn, global: 'us-east-1' },
    'aws-cn': { standard: ['cn-north-1', 'cn-northwest-1'], optIn: [], global: 'cn-north-1' },
    'aws-us-gov': { standard: ['us-gov-west-1', 'us-gov-east-1'], optIn: [], global: 'us-gov-west-1' },
  };

/** The regions of a partition (AWS General Reference, November 2026): those on by default first. */
export function partitionRegions(partition: string): RegionTable {
  const known = partitions[partition];
  const table = new Map<string, { optIn: boolean }>();
  for (const region of known?.standard ?? []) {
    table.set(region, { optIn: false });
  }
  for (const region of known?.optIn ?? []) {
    table.set(region, { optIn: true });
  }
  return table;
}

/** Where a partition's global services (IAM, Organizations) sign and keep their events. */
export function globalRegion(partition: string): string {
  return partitions[partition]?.global ?? 'us-east-1';
}

const globalServices = new Set(['iam', 'organizations', 'account', 'sso-admin', 'identitystore']);

/** Whether all calls of a service land in one region, wherever a client says it is. */
export function isGlobalService(service: string): boolean {
  return globalServices.has(service);
}
