import type { RequestLaunchTemplateData, RunInstancesRequest, TagSpecification } from '@aws-sdk/client-ec2';
import { ec2Error, missingParameter } from '../errors';
import { findTemplateVersion } from '../launch/templates';
import type { Cell } from '../state';

/** What is to be launched: a request with what its launch template adds. */
export interface Order extends RunInstancesRequest {
  /** The template and version that it is made with. */
  readonly origin?: { readonly id: string; readonly version: string };
}

/** Tags of the request and of the template; for one key the request's. */
function mergedTags(
  own: readonly TagSpecification[] | undefined,
  templates: readonly TagSpecification[] | undefined,
): TagSpecification[] {
  const byType = new Map<string, Map<string, string>>();
  for (const { ResourceType = '', Tags } of [...(templates ?? []), ...(own ?? [])]) {
    const tags = byType.get(ResourceType) ?? new Map<string, string>();
    for (const { Key = '', Value = '' } of Tags ?? []) {
      tags.set(Key, Value);
    }
    byType.set(ResourceType, tags);
  }
  return [...byType].map(([type, tags]) => ({
    ResourceType: type as 'instance',
    Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
  }));
}

function given<T extends object>(value: T): Partial<T> {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}

/** The request with its launch template's data in the places that it leaves open. @throws ServiceError */
export function resolveOrder(cell: Cell, input: RunInstancesRequest): Order {
  const { LaunchTemplate } = input;
  if (!LaunchTemplate) {
    return { ...input, TagSpecifications: mergedTags(input.TagSpecifications, undefined) };
  }
  const { template, version } = findTemplateVersion(cell, LaunchTemplate);
  const data = version.data as RequestLaunchTemplateData & Partial<RunInstancesRequest>;
  const tags = mergedTags(input.TagSpecifications, data.TagSpecifications as TagSpecification[] | undefined);
  const origin = { id: template.id, version: String(version.number) };
  return { ...data, ...given(input), TagSpecifications: tags, origin } as Order;
}

/** How many instances are wanted. @throws ServiceError `MissingParameter`, `InvalidParameterValue` */
export function checkCounts({ MinCount, MaxCount }: RunInstancesRequest): number {
  if (MinCount === undefined || MaxCount === undefined) {
    throw missingParameter(MinCount === undefined ? 'MinCount' : 'MaxCount');
  }
  if (MinCount < 1 || MaxCount < 1) {
    const [name, value] = MinCount < 1 ? ['minCount', MinCount] : ['maxCount', MaxCount];
    throw ec2Error('InvalidParameterValue', `Value (${value}) for parameter ${name} is invalid. Minimum value is 1.`);
  }
  if (MinCount > MaxCount) {
    const message = `Value (${MaxCount}) for parameter maxCount is invalid. maxCount must be equal to or greater than minCount.`;
    throw ec2Error('InvalidParameterValue', message);
  }
  return MaxCount;
}

const families =
  /^(a1|c[1-9]\w*(-flex)?|cc\d|d[23]\w*|dl\dq?|f[12]|g[2-7]\w*|h1|hpc\d\w*|i[2-9]\w*|im4gn|inf[12]|is4gen|m[1-9]\w*(-flex|-\w+)?|mac\d?(-\w+)?|p[2-6]\w*(-\w+)?|r[3-9]\w*(-\w+)?|t[1-4]\w?|trn[12]\w?|u-?\w+(-\w+)?|vt1|x\d\w*(-\w+)?|z1d)$/;
const sizes = /^(nano|micro|small|medium|large|xlarge|\d+xlarge|metal(-\d+xl)?)$/;

/** @throws ServiceError `InvalidParameterValue` for a type that there is not */
export function checkType(type: string): string {
  const [family = '', size = '', more] = type.split('.');
  if (!families.test(family) || !sizes.test(size) || more !== undefined) {
    throw ec2Error('InvalidParameterValue', `Invalid value '${type}' for InstanceType.`);
  }
  return type;
}
