import type {
  DescribeImageAttributeRequest,
  LaunchPermission,
  ModifyImageAttributeRequest,
  ResetImageAttributeRequest,
} from '@aws-sdk/client-ec2';
import { ec2Error } from '../errors';
import type { Operations, Place } from '../state';
import { ownImage } from './access';
import { diskShapes } from './describe';

/** @throws ServiceError `InvalidAMIAttributeItemValue` */
function checkPermission({ UserId, Group }: LaunchPermission): void {
  const group = Group !== undefined && Group !== 'all';
  const user = UserId !== undefined && !/^\d{12}$/.test(UserId);
  if (group || user) {
    const what = user ? 'userId' : 'userGroup';
    const message = `Invalid attribute item value "${user ? UserId : Group}" for ${what} item type.`;
    throw ec2Error('InvalidAMIAttributeItemValue', message);
  }
}

function listed(input: ModifyImageAttributeRequest): LaunchPermission[] {
  return [
    ...(input.UserIds ?? []).map((UserId) => ({ UserId })),
    ...(input.UserGroups ?? []).map((Group) => ({ Group: Group as 'all' })),
    ...(input.OrganizationArns ?? []).map((OrganizationArn) => ({ OrganizationArn })),
    ...(input.OrganizationalUnitArns ?? []).map((OrganizationalUnitArn) => ({ OrganizationalUnitArn })),
  ];
}

function key(permission: LaunchPermission): string {
  const { UserId, Group, OrganizationArn, OrganizationalUnitArn } = permission;
  return [UserId, Group, OrganizationArn, OrganizationalUnitArn].join('|');
}

function modify(input: ModifyImageAttributeRequest, { cell, ec2 }: Place) {
  const image = ownImage(ec2, cell, input.ImageId ?? '');
  const { LaunchPermission: changes, OperationType } = input;
  const short = listed(input);
  const add = [...(changes?.Add ?? []), ...(OperationType === 'add' ? short : [])];
  const remove = [...(changes?.Remove ?? []), ...(OperationType === 'remove' ? short : [])];
  for (const permission of [...add, ...remove]) {
    checkPermission(permission);
  }
  const gone = new Set(remove.map(key));
  const all = new Map([...image.permissions, ...add].map((permission) => [key(permission), permission]));
  image.permissions = [...all].filter(([each]) => !gone.has(each)).map(([, permission]) => permission);
  const { Description, Attribute, Value } = input;
  const description = typeof Description === 'string' ? Description : Description?.Value;
  image.description = description ?? (Attribute === 'description' ? Value : image.description);
  return { Return: true };
}

function describe(input: DescribeImageAttributeRequest, { cell, ec2 }: Place) {
  const image = ownImage(ec2, cell, input.ImageId ?? '');
  const ImageId = image.id;
  switch (input.Attribute) {
    case 'launchPermission':
      return { ImageId, LaunchPermissions: image.permissions };
    case 'description':
      return { ImageId, Description: { Value: image.description ?? '' } };
    case 'bootMode':
      return { ImageId, BootMode: { Value: image.bootMode } };
    case 'imdsSupport':
      return { ImageId, ImdsSupport: { Value: image.imdsSupport } };
    case 'sriovNetSupport':
      return { ImageId, SriovNetSupport: { Value: 'simple' } };
    case 'productCodes':
      return { ImageId, ProductCodes: [] };
    case 'blockDeviceMapping':
      return { ImageId, BlockDeviceMappings: diskShapes(image) };
    default:
      throw ec2Error('InvalidRequest', 'The request received was invalid');
  }
}

/** Attributes of an account's own images: above all who may launch them. */
export const imageAttributes: Operations = {
  ModifyImageAttribute: modify,
  DescribeImageAttribute: describe,
  ResetImageAttribute: (input: ResetImageAttributeRequest, { cell, ec2 }) => {
    ownImage(ec2, cell, input.ImageId ?? '').permissions = [];
    return { Return: true };
  },
};
