import type { DescribeAccountAttributesRequest } from '@aws-sdk/client-ec2';
import { invalidValue } from './errors';
import { defaultVpc } from './network/defaults';
import type { Operations } from './state';

/** Quotas that a new account has, and where it launches. */
export const accountAttributeOperations: Operations = {
  DescribeAccountAttributes: (input: DescribeAccountAttributesRequest, { cell }) => {
    const attributes: Readonly<Record<string, string>> = {
      'supported-platforms': 'VPC',
      'default-vpc': defaultVpc(cell)?.id ?? 'none',
      'max-instances': '20',
      'vpc-max-security-groups-per-interface': '5',
      'max-elastic-ips': '5',
      'vpc-max-elastic-ips': '5',
    };
    const names: readonly string[] = input.AttributeNames ?? [];
    const unknown = names.find((name) => !(name in attributes));
    if (unknown !== undefined) {
      throw invalidValue(unknown, 'attributeName');
    }
    const wanted = Object.entries(attributes).filter(([name]) => names.length === 0 || names.includes(name));
    return {
      AccountAttributes: wanted.map(([AttributeName, AttributeValue]) => ({
        AttributeName,
        AttributeValues: [{ AttributeValue }],
      })),
    };
  },
};
