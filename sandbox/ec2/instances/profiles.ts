import type { IamInstanceProfileSpecification } from '@aws-sdk/client-ec2';
import { ServiceError } from '../../core/errors';
import { passRole } from '../../core/passRole';
import { ec2Error } from '../errors';
import { newId } from '../ids';
import type { Place } from '../state';
import type { Instance } from './model';

interface Profile {
  readonly Arn: string;
  readonly InstanceProfileId: string;
  readonly Roles: readonly { readonly Arn: string }[];
}

/**
 * The instance profile that a request names, which the caller must be allowed to pass on.
 *
 * @throws ServiceError `InvalidParameterValue`, `UnauthorizedOperation`
 */
export async function findProfile(
  { ec2, cell, context }: Place,
  wanted: IamInstanceProfileSpecification | undefined,
): Promise<Instance['profile']> {
  if (!wanted) {
    return undefined;
  }
  const name = wanted.Name ?? wanted.Arn?.slice((wanted.Arn?.lastIndexOf('/') ?? 0) + 1) ?? '';
  const arn = ec2.arn(cell.site, 'instance/*');
  const caller = ec2.world.serviceCaller('ec2.amazonaws.com', { accountId: cell.site.accountId, arn });
  try {
    const input = { InstanceProfileName: name };
    const { InstanceProfile: found } = await ec2.world.call<{ InstanceProfile: Profile }>(
      'iam',
      'GetInstanceProfile',
      input,
      { caller, region: cell.site.region },
    );
    for (const role of found.Roles) {
      passRole(context, role.Arn, 'ec2.amazonaws.com');
    }
    return { arn: found.Arn, id: found.InstanceProfileId, associationId: newId('iip-assoc') };
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'NoSuchEntity') {
      const [part, value] = wanted.Name === undefined ? ['arn', wanted.Arn] : ['name', wanted.Name];
      const what = part === 'arn' ? 'ARN' : 'name';
      const message = `Value (${value}) for parameter iamInstanceProfile.${part} is invalid. Invalid IAM Instance Profile ${what}`;
      throw ec2Error('InvalidParameterValue', message);
    }
    throw error;
  }
}
