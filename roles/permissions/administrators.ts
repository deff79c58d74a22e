import { Aws } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RoleContext } from '../context';
import { allow } from './statement';

/** Finds the roles of the account that have one of the administrator policies; nothing where none is named. */
export function administratorStatements({ partition, administratorPolicies = [] }: RoleContext): PolicyStatement[] {
  return administratorPolicies.length === 0
    ? []
    : [
        allow('RolesOfPolicies', ['iam:ListEntitiesForPolicy'], administratorPolicies),
        // Only this tells a role's path, which is part of its ARN.
        allow('ArnsOfRoles', ['iam:GetRole'], [`arn:${partition}:iam::${Aws.ACCOUNT_ID}:role/*`]),
      ];
}
