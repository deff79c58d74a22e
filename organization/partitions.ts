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
