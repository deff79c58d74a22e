import type { CallContext } from '../core/service';
import type { Parameter, ParameterVersion } from './state';

/** Parameters of AWS that name the latest image of a kind, and how the names of such images look. */
const images: Readonly<Record<string, string>> = {
  '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64': 'al2023-ami-2023*-x86_64',
  '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64': 'al2023-ami-2023*-arm64',
  '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64': 'al2023-ami-2023*-kernel-6.1-x86_64',
  '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64': 'al2023-ami-2023*-kernel-6.1-arm64',
  '/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base': 'Windows_Server-2025-English-Full-Base-*',
};

interface Found {
  readonly Images: readonly { readonly ImageId: string; readonly CreationDate: string }[];
}

/** A public parameter, in the form of an account's own; `undefined` when AWS has none of that name here. */
export async function publicParameter(
  name: string,
  { world, accountId, region }: CallContext,
): Promise<{ parameter: Parameter; version: ParameterVersion; selector?: string } | undefined> {
  const pattern = images[name];
  if (pattern === undefined) {
    return undefined;
  }
  const arn = `arn:${world.partition}:ssm:${region}::parameter${name}`;
  const caller = world.serviceCaller('ssm.amazonaws.com', { accountId, arn });
  const input = { Owners: ['amazon'], Filters: [{ Name: 'name', Values: [pattern] }] };
  const { Images } = await world.call<Found>('ec2', 'DescribeImages', input, { caller, region, accountId });
  const latest = [...Images].sort((a, b) => b.CreationDate.localeCompare(a.CreationDate))[0];
  if (!latest) {
    return undefined;
  }
  const version: ParameterVersion = {
    version: 1,
    value: latest.ImageId,
    type: 'String',
    tier: 'Standard',
    dataType: 'text',
    modifiedAt: new Date(latest.CreationDate),
    modifiedBy: 'amazon',
    labels: new Set(),
  };
  return { parameter: { name, arn, tags: new Map(), versions: [version], nextVersion: 2 }, version };
}
