import { createHash } from 'node:crypto';
import type { PrefixList } from '../state';

/** AWS's own lists: services that gateways and distributions reach. A few ranges of each stand for all. */
const lists: readonly { service: string; global?: boolean; family: 'IPv4' | 'IPv6'; cidrs: readonly string[] }[] = [
  { service: 's3', family: 'IPv4', cidrs: ['52.216.0.0/15', '54.231.0.0/16', '3.5.0.0/19'] },
  { service: 'dynamodb', family: 'IPv4', cidrs: ['52.94.0.0/22', '52.119.224.0/20', '3.218.180.0/22'] },
  { service: 'cloudfront.origin-facing', global: true, family: 'IPv4', cidrs: ['13.124.199.0/24', '130.176.0.0/17'] },
  { service: 'groundstation', global: true, family: 'IPv4', cidrs: ['3.2.16.0/20'] },
  { service: 'ipv6.vpc-lattice', family: 'IPv6', cidrs: ['fd00:ec2:80::/64'] },
  { service: 'vpc-lattice', family: 'IPv4', cidrs: ['169.254.171.0/24'] },
];

/** The lists that every account sees in a region: the same ids for all of them. */
export function awsPrefixLists(region: string): PrefixList[] {
  return lists.map(({ service, global, family, cidrs }) => {
    const name = `com.amazonaws.${global ? 'global' : region}.${service}`;
    const id = createHash('sha256').update(`${region}/${name}`).digest('hex').slice(0, 8);
    return {
      id: `pl-${id}`,
      name,
      ownerId: 'AWS',
      family,
      state: 'create-complete',
      versions: [cidrs.map((cidr) => ({ cidr }))],
      tags: new Map(),
    };
  });
}
