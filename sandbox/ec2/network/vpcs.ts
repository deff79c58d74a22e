import type {
  CreateVpcRequest,
  DeleteVpcRequest,
  DescribeVpcAttributeRequest,
  DescribeVpcsRequest,
  ModifyVpcAttributeRequest,
} from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import { dependencyViolation, ec2Error, missingParameter } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import { fixedId, newId } from '../ids';
import { tagsOf } from '../specifications';
import type { Cell, Operations, Place, Vpc } from '../state';
import { rangeText, readRange } from './cidr';
import { addDefaultVpc, defaultGroup, defaultVpc } from './defaults';

/** @throws ServiceError `InvalidVpcID.NotFound` */
export function findVpc(cell: Cell, id: string | undefined): Vpc {
  const vpc = cell.vpcs.get(id ?? '');
  if (!vpc) {
    throw ec2Error('InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`);
  }
  return vpc;
}

/** Id of the set of DHCP options that a region's VPCs have when nobody says otherwise. */
export function dhcpOptionsId(cell: Cell): string {
  return fixedId('dopt', cell.site.accountId, cell.site.region);
}

function shapeOf(vpc: Vpc, cell: Cell) {
  return {
    VpcId: vpc.id,
    OwnerId: cell.site.accountId,
    State: 'available',
    CidrBlock: vpc.cidr,
    CidrBlockAssociationSet: [
      {
        AssociationId: fixedId('vpc-cidr-assoc', vpc.id),
        CidrBlock: vpc.cidr,
        CidrBlockState: { State: 'associated' },
      },
    ],
    Ipv6CidrBlockAssociationSet: vpc.ipv6Cidr
      ? [
          {
            AssociationId: fixedId('vpc-cidr-assoc', vpc.id, '6'),
            Ipv6CidrBlock: vpc.ipv6Cidr,
            Ipv6CidrBlockState: { State: 'associated' },
            NetworkBorderGroup: cell.site.region,
            Ipv6Pool: 'Amazon',
          },
        ]
      : [],
    DhcpOptionsId: dhcpOptionsId(cell),
    InstanceTenancy: vpc.tenancy,
    IsDefault: vpc.isDefault,
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
    Tags: tagList(vpc.tags),
  };
}

const fields: FilterFields<{ vpc: Vpc; cell: Cell }> = {
  cidr: ({ vpc }) => vpc.cidr,
  'cidr-block': ({ vpc }) => vpc.cidr,
  'cidr-block-association.cidr-block': ({ vpc }) => vpc.cidr,
  'cidr-block-association.association-id': ({ vpc }) => fixedId('vpc-cidr-assoc', vpc.id),
  'cidr-block-association.state': () => 'associated',
  'dhcp-options-id': ({ cell }) => dhcpOptionsId(cell),
  'ipv6-cidr-block-association.ipv6-cidr-block': ({ vpc }) => vpc.ipv6Cidr,
  'ipv6-cidr-block-association.state': ({ vpc }) => vpc.ipv6Cidr && 'associated',
  'is-default': ({ vpc }) => vpc.isDefault,
  isDefault: ({ vpc }) => vpc.isDefault,
  'owner-id': ({ cell }) => cell.site.accountId,
  state: () => 'available',
  'vpc-id': ({ vpc }) => vpc.id,
};

function createVpc(input: CreateVpcRequest, { cell }: Place) {
  if (!input.CidrBlock) {
    throw missingParameter('cidrBlock');
  }
  const range = readRange(input.CidrBlock);
  if (range?.family !== 4) {
    const message = `Value (${input.CidrBlock}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`;
    throw ec2Error('InvalidParameterValue', message);
  }
  if (range.prefix < 16 || range.prefix > 28) {
    throw ec2Error('InvalidVpc.Range', `The CIDR '${input.CidrBlock}' is invalid.`);
  }
  const tenancy = input.InstanceTenancy ?? 'default';
  if (tenancy !== 'default' && tenancy !== 'dedicated') {
    throw ec2Error('UnsupportedTenancy', `The tenancy value ${tenancy} is not supported.`);
  }
  const vpc: Vpc = {
    id: newId('vpc'),
    cidr: rangeText(range),
    ipv6Cidr: input.AmazonProvidedIpv6CidrBlock
      ? `2600:1f${cell.vpcs.size.toString(16).padStart(2, '0')}::/56`
      : undefined,
    isDefault: false,
    tenancy,
    attributes: { enableDnsSupport: true, enableDnsHostnames: false, enableNetworkMetrics: false },
    tags: tagsOf(input.TagSpecifications, 'vpc'),
  };
  return addVpc(cell, vpc);
}

function addVpc(cell: Cell, vpc: Vpc) {
  cell.vpcs.set(vpc.id, vpc);
  const group = defaultGroup(cell, vpc, newId('sg'));
  cell.groups.set(group.id, group);
  const shape = shapeOf(vpc, cell);
  return { Vpc: { ...shape, State: 'pending' } };
}

function deleteVpc(input: DeleteVpcRequest, { cell }: Place) {
  const vpc = findVpc(cell, input.VpcId);
  const groups = [...cell.groups.values()].filter((group) => group.vpcId === vpc.id);
  const subnets = [...cell.subnets.values()].filter((subnet) => subnet.vpcId === vpc.id);
  const inUse = vpc.isDefault ? subnets.some((subnet) => subnet.used.size > 0) : subnets.length > 0;
  if (groups.length > 1 || inUse) {
    throw dependencyViolation(`The vpc '${vpc.id}' has dependencies and cannot be deleted.`);
  }
  for (const group of groups) {
    cell.groups.delete(group.id);
  }
  for (const subnet of subnets) {
    cell.subnets.delete(subnet.id);
  }
  cell.vpcs.delete(vpc.id);
}

function describeVpcs(input: DescribeVpcsRequest, { cell }: Place) {
  const wanted = input.VpcIds?.length ? input.VpcIds.map((id) => findVpc(cell, id)) : cell.vpcs.values();
  const all = [...wanted].map((vpc) => ({ vpc, cell }));
  const found = filtered(all, input.Filters, fields, ({ vpc }) => vpc.tags);
  const page = pageOf(found, input);
  return { Vpcs: page.items.map(({ vpc }) => shapeOf(vpc, cell)), NextToken: page.NextToken };
}

const attributeNames = ['enableDnsSupport', 'enableDnsHostnames'] as const;

function describeAttribute(input: DescribeVpcAttributeRequest, { cell }: Place) {
  const vpc = findVpc(cell, input.VpcId);
  switch (input.Attribute) {
    case 'enableDnsSupport':
      return { VpcId: vpc.id, EnableDnsSupport: { Value: vpc.attributes.enableDnsSupport } };
    case 'enableDnsHostnames':
      return { VpcId: vpc.id, EnableDnsHostnames: { Value: vpc.attributes.enableDnsHostnames } };
    case 'enableNetworkAddressUsageMetrics':
      return { VpcId: vpc.id, EnableNetworkAddressUsageMetrics: { Value: vpc.attributes.enableNetworkMetrics } };
    default:
      throw ec2Error('InvalidParameterValue', `Value (${input.Attribute}) for parameter attribute is invalid.`);
  }
}

function modifyAttribute(input: ModifyVpcAttributeRequest, { cell }: Place): void {
  const vpc = findVpc(cell, input.VpcId);
  const given = { enableDnsSupport: input.EnableDnsSupport, enableDnsHostnames: input.EnableDnsHostnames };
  for (const name of attributeNames) {
    vpc.attributes[name] = given[name]?.Value ?? vpc.attributes[name];
  }
  vpc.attributes.enableNetworkMetrics =
    input.EnableNetworkAddressUsageMetrics?.Value ?? vpc.attributes.enableNetworkMetrics;
}

function createDefaultVpc(_input: unknown, { cell }: Place) {
  if (defaultVpc(cell)) {
    throw ec2Error('DefaultVpcAlreadyExists', 'A Default VPC already exists for this account in this region.');
  }
  return { Vpc: shapeOf(addDefaultVpc(cell, newId('vpc')), cell) };
}

export const vpcOperations: Operations = {
  CreateVpc: createVpc,
  CreateDefaultVpc: createDefaultVpc,
  DeleteVpc: deleteVpc,
  DescribeVpcs: describeVpcs,
  DescribeVpcAttribute: describeAttribute,
  ModifyVpcAttribute: modifyAttribute,
};
