/** AWS's three public partitions: accounts, ARNs and regions never cross them. */
export const partitions = ['aws', 'aws-cn', 'aws-us-gov'] as const;

export type Partition = (typeof partitions)[number];

/** The partition that a region's name belongs to. */
export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) {
    return 'aws-cn';
  }
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Domain under which a region's endpoints and consoles stand, such as `amazonaws.com.cn`. */
export function domainOf(partition: Partition): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}

const globalRegions: Readonly<Record<Partition, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** The region in which a partition's global services, such as IAM, report what happens to them. */
export function globalRegionOf(partition: string): string {
  return globalRegions[partition as Partition] ?? globalRegions.aws;
}
