import type { CfnStackSet } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import {
  Capability,
  DeploymentType,
  RegionConcurrencyType,
  StackSet,
  type StackSetParameter,
  type StackSetStack,
  StackSetTarget,
  StackSetTemplate,
} from 'cdk-stacksets';
import { Construct } from 'constructs';
import { namesOf } from '../../roles';
import type { OrganizationModel } from '../model';

/** A stack set of the security account and where it is to stand. */
export interface StackSetProperties {
  readonly name: string;
  readonly description: string;
  readonly administration: IRole;
  readonly template: StackSetStack;
  readonly parameters?: StackSetParameter;
  readonly accountIds: readonly string[];
  readonly regions: readonly string[];
  /** The template creates roles with names. */
  readonly namedRoles?: boolean;
}

/** A stack set whose template and parameters CloudFormation keeps, and whose instances `garrison apply` reconciles. */
export class ReconciledStackSet extends Construct {
  constructor(scope: Construct, id: string, model: OrganizationModel, properties: StackSetProperties) {
    super(scope, id);
    const stackSet = new StackSet(this, 'StackSet', {
      stackSetName: properties.name,
      description: properties.description,
      template: StackSetTemplate.fromStackSetStack(properties.template),
      target: StackSetTarget.fromAccounts({
        accounts: [...properties.accountIds],
        regions: [...properties.regions],
      }),
      deploymentType: DeploymentType.selfManaged({
        adminRole: properties.administration,
        executionRoleName: namesOf(model).security.execution,
      }),
      managedExecution: true,
      operationPreferences: {
        regionConcurrencyType: RegionConcurrencyType[model.operations.regionConcurrency],
        regionOrder: model.operations.regionOrder.length === 0 ? undefined : [...model.operations.regionOrder],
        maxConcurrentPercentage: model.operations.stackSetAccountPercentage,
        failureTolerancePercentage: 100,
      },
      parameters: properties.parameters,
      capabilities: properties.namedRoles ? [Capability.NAMED_IAM] : undefined,
    });
    const resource = stackSet.node.defaultChild as CfnStackSet;
    resource.addPropertyOverride('OperationPreferences.ConcurrencyMode', 'SOFT_FAILURE_TOLERANCE');
    // Which accounts exist, are suspended or have a detector already is known to the cloud, not to a template: one
    // instance that cannot be made would roll the whole stack back. cloudformation/ reconciles the instances instead.
    resource.addPropertyDeletionOverride('StackInstancesGroup');
  }
}
