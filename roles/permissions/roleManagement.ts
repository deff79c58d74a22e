import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { permissionsBoundaryArn } from '../../organization/config/roles';
import type { RoleContext } from '../context';
import { allow } from './statement';

const reads = ['iam:GetRole', 'iam:GetRolePolicy', 'iam:ListRolePolicies', 'iam:ListAttachedRolePolicies'];
const harmlessChanges = [
  'iam:DeleteRole',
  'iam:DeleteRolePolicy',
  'iam:TagRole',
  'iam:UntagRole',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateRole',
  'iam:UpdateRoleDescription',
];
const grants = ['iam:CreateRole', 'iam:PutRolePolicy'];

/**
 * What CloudFormation needs to keep roles with one inline policy: create, change, read and delete, on exactly these
 * roles. Under a permissions boundary, roles can only be created and granted anything while they carry it.
 */
export function roleManagement(
  sid: string,
  roleArns: readonly string[],
  context: RoleContext,
  accountId: string,
): PolicyStatement[] {
  const boundary = permissionsBoundaryArn({ partition: context.partition, accountId }, context.roles);
  if (boundary === undefined) {
    return [allow(sid, [...grants, ...harmlessChanges, ...reads], roleArns)];
  }
  return [
    allow(sid, [...harmlessChanges, ...reads], roleArns),
    allow(`${sid}InBoundary`, [...grants, 'iam:PutRolePermissionsBoundary'], roleArns, {
      StringEquals: { 'iam:PermissionsBoundary': boundary },
    }),
  ];
}
