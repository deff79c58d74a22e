import { createHash } from 'node:crypto';
import type { Image } from './model';

/** Accounts under which AWS and others publish their images. */
const amazon = '137112412989';
const windows = '801119661308';
const canonical = '099720109477';
const suse = '013907871322';

interface Published {
  readonly name: string;
  readonly description: string;
  readonly ownerId: string;
  /** `amazon` for accounts that AWS vouches for. */
  readonly alias?: string;
  readonly architecture?: string;
  readonly root?: string;
  readonly size?: number;
  readonly createdAt: string;
  readonly deprecatesAt?: string;
  readonly virtualization?: string;
  /** Ids of old are the same everywhere here; the rest follow from region and name. */
  readonly id?: string;
}

const published: readonly Published[] = [
  {
    name: 'al2023-ami-2023.9.20261110.0-kernel-6.1-x86_64',
    description: 'Amazon Linux 2023 AMI 2023.9.20261110.0 x86_64 HVM kernel-6.1',
    ownerId: amazon,
    alias: 'amazon',
    root: '/dev/xvda',
    createdAt: '2026-11-10T18:04:12.000Z',
    deprecatesAt: '2027-02-08T18:04:00.000Z',
  },
  {
    name: 'al2023-ami-2023.9.20261110.0-kernel-6.1-arm64',
    description: 'Amazon Linux 2023 AMI 2023.9.20261110.0 arm64 HVM kernel-6.1',
    ownerId: amazon,
    alias: 'amazon',
    architecture: 'arm64',
    root: '/dev/xvda',
    createdAt: '2026-11-10T18:04:15.000Z',
    deprecatesAt: '2027-02-08T18:04:00.000Z',
  },
  {
    name: 'amzn2-ami-hvm-2.0.20260601.0-x86_64-gp2',
    description: 'Amazon Linux 2 AMI 2.0.20260601.0 x86_64 HVM gp2',
    ownerId: amazon,
    alias: 'amazon',
    root: '/dev/xvda',
    createdAt: '2026-06-01T20:11:41.000Z',
    deprecatesAt: '2026-07-01T00:00:00.000Z',
  },
  {
    name: 'Windows_Server-2025-English-Full-Base-2026.11.11',
    description: 'Microsoft Windows Server 2025 Full Locale English AMI provided by Amazon',
    ownerId: windows,
    alias: 'amazon',
    size: 30,
    createdAt: '2026-11-12T04:26:09.000Z',
  },
  {
    name: 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20261015',
    description: 'Canonical, Ubuntu, 24.04, amd64 noble image',
    ownerId: canonical,
    createdAt: '2026-10-15T07:43:02.000Z',
  },
  {
    id: 'ami-12c6146b',
    name: 'Windows_Server-2008-R2_SP1-English-64Bit-Base-2017.10.13',
    description: 'Microsoft Windows Server 2008 R2 SP1 Datacenter 64-bit Locale English Base AMI provided by Amazon',
    ownerId: windows,
    alias: 'amazon',
    size: 30,
    createdAt: '2017-10-13T21:10:27.000Z',
  },
  {
    id: 'ami-03cf127a',
    name: 'Windows_Server-2016-English-Nano-Base-2017.10.13',
    description: 'Microsoft Windows Server 2016 Nano Locale English AMI provided by Amazon',
    ownerId: windows,
    alias: 'amazon',
    size: 8,
    createdAt: '2017-10-13T21:12:03.000Z',
  },
  {
    id: 'ami-f4cf1d8d',
    name: 'Windows_Server-2012-R2_RTM-English-64Bit-SQL_2016_SP1_Standard-2017.10.13',
    description:
      'Microsoft Windows Server 2012 R2 RTM 64-bit Locale English with SQL Standard 2016 AMI provided by Amazon',
    ownerId: windows,
    alias: 'amazon',
    size: 50,
    createdAt: '2017-10-13T21:14:55.000Z',
  },
  {
    id: 'ami-fa7cdd89',
    name: 'suse-sles-11-sp4-v20151207-pv-ssd-x86_64',
    description: 'SUSE Linux Enterprise Server 11 Service Pack 4 ((PV, 64-bit, SSD-Backed)',
    ownerId: suse,
    alias: 'amazon',
    root: '/dev/sda1',
    size: 10,
    virtualization: 'paravirtual',
    createdAt: '2015-12-07T12:33:54.000Z',
  },
];

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function imageOf(one: Published, region: string): Image {
  const isWindows = one.name.startsWith('Windows');
  const rootDeviceName = one.root ?? '/dev/sda1';
  return {
    id: one.id ?? `ami-0${digest(`${region}/${one.name}`)}`,
    ownerId: one.ownerId,
    ownerAlias: one.alias,
    region,
    name: one.name,
    description: one.description,
    architecture: one.architecture ?? 'x86_64',
    windows: isWindows,
    platformDetails: isWindows ? 'Windows' : 'Linux/UNIX',
    virtualization: one.virtualization ?? 'hvm',
    rootDeviceName,
    disks: [
      {
        deviceName: rootDeviceName,
        snapshotId: `snap-0${digest(`snapshot/${region}/${one.name}`)}`,
        size: one.size ?? 8,
        type: 'gp3',
        encrypted: false,
        deleteOnTermination: true,
      },
    ],
    createdAt: new Date(one.createdAt),
    deprecatesAt: one.deprecatesAt ? new Date(one.deprecatesAt) : undefined,
    enaSupport: one.virtualization !== 'paravirtual',
    permissions: [{ Group: 'all' }],
    state: 'available',
    tags: new Map(),
  };
}

const regions = new Map<string, ReadonlyMap<string, Image>>();

/** Public images of a region by their ids: AWS's own, and some of others. The same for every account and world. */
export function publicImages(region: string): ReadonlyMap<string, Image> {
  let images = regions.get(region);
  if (!images) {
    const made = published.map((one) => imageOf(one, region));
    images = new Map(made.map((image) => [image.id, image]));
    regions.set(region, images);
  }
  return images;
}
