import * as schemas from '@aws-sdk/client-cloudformation';
import type { ServiceFactory } from '../core/service';
import { accountOperations } from './accountOperations';
import { authorization } from './authorization';
import { changeSetOperations } from './changesets/operations';
import { providers } from './resources';
import { describeOperations } from './stacks/describe';
import { driftOperations } from './stacks/drift';
import { stackOperations } from './stacks/operations';
import type { Engine } from './stacks/run';
import { StackStore } from './stacks/state';
import { follow } from './stacksets/autoDeployment';
import { definitionOperations } from './stacksets/definitions';
import { importOperations } from './stacksets/importing';
import { instanceOperations } from './stacksets/instances';
import { stackSetOperations } from './stacksets/operations';
import { organizationsAccessOperations } from './stacksets/organizationsAccess';
import { StackSetStore } from './stacksets/state';
import { templateOperations } from './templateOperations';

/** AWS CloudFormation: templates, stacks, change sets, drift, stack sets. */
export const createCloudFormation: ServiceFactory = (world) => {
  const stacks = new StackStore(world);
  const sets = new StackSetStore(world);
  const engine: Engine = { world, store: stacks, provider: (type) => providers[type] };
  world.organization.onAccountJoined((account) => follow(engine, sets, account.id));
  world.organization.onAccountLeft((account) => follow(engine, sets, account.id));
  return {
    signingNames: ['cloudformation'],
    schemas,
    operations: {
      ...stackOperations(engine),
      ...describeOperations(engine),
      ...changeSetOperations(engine),
      ...driftOperations(engine),
      ...templateOperations(engine, sets),
      ...definitionOperations(engine, sets),
      ...instanceOperations(engine, sets),
      ...stackSetOperations(engine, sets),
      ...importOperations(engine, sets),
      ...organizationsAccessOperations(),
      ...accountOperations(),
    },
    authorize: (operation, input, context) => authorization(stacks, sets, operation, input, context),
  };
};
