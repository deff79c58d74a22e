import * as schemas from '@aws-sdk/client-cloudformation';
import type { ServiceFactory } from '../core/service';
import { accountOperations } from './accountOperations';
import { authorization } from './authorization';
import { changeSetOperations } from './changesets/operations';
import { answerHttp } from './http';
import { registryOperations } from './registry/operations';
import { providers } from './resources';
import { CustomResponses, customResource } from './resources/cloudformation/custom';
import { macro } from './resources/cloudformation/macro';
import { nestedStack } from './resources/cloudformation/nestedStack';
import type { ResourceProvider } from './resources/provider';
import { describeOperations } from './stacks/describe';
import { driftOperations } from './stacks/drift';
import { exportOperations } from './stacks/exportOperations';
import { eventOperations } from './stacks/operationEvents';
import { stackOperations } from './stacks/operations';
import type { Engine } from './stacks/run';
import { StackStore } from './stacks/state';
import { follow, moveFollower } from './stacksets/autoDeployment';
import { definitionOperations } from './stacksets/definitions';
import { describeSetOperations } from './stacksets/describeSets';
import { importOperations } from './stacksets/importing';
import { instanceOperations } from './stacksets/instances';
import { stackSetOperations } from './stacksets/operations';
import { organizationsAccessOperations } from './stacksets/organizationsAccess';
import { StackSetStore } from './stacksets/state';
import { answeredAtTheEnd } from './strangers';
import { templateOperations } from './templateOperations';

/** AWS CloudFormation: templates, stacks, change sets, drift, stack sets. */
export const createCloudFormation: ServiceFactory = (world) => {
  const stacks = new StackStore(world);
  const sets = new StackSetStore(world);
  const responses = new CustomResponses();
  const custom = customResource(responses);
  const own: Record<string, ResourceProvider> = { 'AWS::CloudFormation::CustomResource': custom };
  const engine: Engine = {
    world,
    store: stacks,
    provider: (type) => own[type] ?? (type.startsWith('Custom::') ? custom : providers[type]),
  };
  own['AWS::CloudFormation::Stack'] = nestedStack(engine);
  own['AWS::CloudFormation::Macro'] = macro(stacks);
  world.organization.onAccountJoined((account) => follow(engine, sets, account.id));
  world.organization.onAccountLeft((account) => follow(engine, sets, account.id));
  // Moves between organizational units change which policies hold; nothing else tells of them.
  const followMoves = moveFollower(engine, sets);
  let waiting = false;
  world.organization.onPoliciesChanged(() => {
    if (!waiting) {
      waiting = true;
      world.later(1, () => {
        waiting = false;
        followMoves();
      });
    }
  });
  return {
    signingNames: ['cloudformation'],
    schemas,
    operations: answeredAtTheEnd(
      {
        ...stackOperations(engine),
        ...describeOperations(engine),
        ...eventOperations(engine),
        ...exportOperations(engine),
        ...changeSetOperations(engine),
        ...driftOperations(engine),
        ...templateOperations(engine, sets),
        ...definitionOperations(engine, sets),
        ...describeSetOperations(engine, sets),
        ...instanceOperations(engine, sets),
        ...stackSetOperations(engine, sets),
        ...importOperations(engine, sets),
        ...organizationsAccessOperations(),
        ...accountOperations(),
        ...registryOperations({ ...providers, ...own }),
      },
      stacks,
      sets,
    ),
    httpPaths: ['_cloudformation'],
    http: (request) => answerHttp(request, stacks, responses),
    authorize: (operation, input, context) => authorization(stacks, sets, operation, input, context),
  };
};
