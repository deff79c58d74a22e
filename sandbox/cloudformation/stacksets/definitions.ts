import { randomUUID } from 'node:crypto';
import type { CreateStackSetInput, DeleteStackSetInput, UpdateStackSetInput } from '@aws-sdk/client-cloudformation';
import { tagsFrom } from '../../common/tags';
import { ServiceError } from '../../core/errors';
import { passRole } from '../../core/passRole';
import type { CallContext, Handler } from '../../core/service';
import { isStranger } from '../../core/strangers';
import { checkConstraints, checkTags, roleArnConstraint, tokenConstraint } from '../constraints';
import { validationError } from '../errors';
import type { Engine } from '../stacks/run';
import { acknowledged } from '../strangers';
import { checkCapabilities } from '../template/capabilities';
import type { Template } from '../template/model';
import { resolveParameters } from '../template/parameters';
import { acceptTemplate } from '../templateCheck';
import { requiredTemplateText, templateText } from '../templateSource';
import type { AutoDeployment, StackSet, StackSetTarget } from './model';
import { requireTrustedAccess } from './organizationsAccess';
import { ownerOf, type StackSetStore } from './state';
import { updateInstancesOf } from './updates';

const nameConstraint = {
  required: true,
  minimum: 1,
  maximum: 128,
  pattern: /^[a-zA-Z][-a-zA-Z0-9]*$/,
  shown: '[a-zA-Z][-a-zA-Z0-9]*',
};

type DefinitionInput = Pick<
  CreateStackSetInput & UpdateStackSetInput,
  'Parameters' | 'Tags' | 'Capabilities' | 'Description' | 'AdministrationRoleARN' | 'ExecutionRoleName'
>;

function checkMembers(input: DefinitionInput & { ClientRequestToken?: string; OperationId?: string }): void {
  checkConstraints([
    ['description', input.Description, { minimum: 1, maximum: 1024 }],
    ['administrationRoleARN', input.AdministrationRoleARN, roleArnConstraint],
    [
      'executionRoleName',
      input.ExecutionRoleName,
      { minimum: 1, maximum: 64, pattern: /^[a-zA-Z_0-9+=,.@-]+$/, shown: '[a-zA-Z_0-9+=,.@-]+' },
    ],
    ['clientRequestToken', input.ClientRequestToken, tokenConstraint],
    ['operationId', input.OperationId, tokenConstraint],
  ]);
  checkTags(input.Tags);
}

/** Parameters from Parameter Store are looked up in each account, not here. */
async function targetFrom(
  input: DefinitionInput,
  template: Template,
  context: CallContext,
  previous?: StackSetTarget,
): Promise<StackSetTarget> {
  acknowledged(context, () => checkCapabilities(template, input.Capabilities));
  const parameters = await resolveParameters(template, input.Parameters ?? [], previous?.parameters, async () => '');
  return {
    template,
    parameters,
    tags: input.Tags === undefined && previous ? previous.tags : tagsFrom(input.Tags),
    capabilities: input.Capabilities ?? [],
    description: input.Description ?? previous?.description,
  };
}

function autoDeployment(given: CreateStackSetInput['AutoDeployment']): AutoDeployment | undefined {
  if (!given) {
    return undefined;
  }
  if (given.Enabled === false && given.RetainStacksOnAccountRemoval === true) {
    throw validationError('RetainStacksOnAccountRemoval can only be specified if AutoDeployment is enabled.');
  }
  return {
    enabled: given.Enabled ?? false,
    retainStacks: given.RetainStacksOnAccountRemoval ?? false,
    dependsOn: given.DependsOn ?? [],
  };
}

interface Roles {
  administrationRoleArn?: string;
  executionRoleName?: string;
}

/** The pair of roles of a self-managed set: the classic names unless others are given. */
function rolesOf(context: CallContext, input: DefinitionInput, accountId: string, before: Roles = {}): Roles {
  if (input.AdministrationRoleARN !== undefined && !isStranger(context)) {
    passRole(context, input.AdministrationRoleARN, 'cloudformation.amazonaws.com');
  }
  const standard = `arn:${context.world.partition}:iam::${accountId}:role/AWSCloudFormationStackSetAdministrationRole`;
  return {
    administrationRoleArn: input.AdministrationRoleARN ?? before.administrationRoleArn ?? standard,
    executionRoleName: input.ExecutionRoleName ?? before.executionRoleName ?? 'AWSCloudFormationStackSetExecutionRole',
  };
}

function checkModel(input: CreateStackSetInput, context: CallContext): 'SELF_MANAGED' | 'SERVICE_MANAGED' {
  const model = input.PermissionModel ?? 'SELF_MANAGED';
  if (model === 'SELF_MANAGED') {
    if (input.AutoDeployment) {
      throw validationError('AutoDeployment can only be specified for StackSets with SERVICE_MANAGED permission model');
    }
    if (input.CallAs === 'DELEGATED_ADMIN') {
      throw validationError('CallAs DELEGATED_ADMIN can only be used with SERVICE_MANAGED permission model');
    }
    return model;
  }
  if (input.AdministrationRoleARN !== undefined || input.ExecutionRoleName !== undefined) {
    throw validationError(
      'AdministrationRoleARN and ExecutionRoleName cannot be specified for StackSets with SERVICE_MANAGED permission model',
    );
  }
  requireTrustedAccess(context, input.CallAs);
  return model;
}

async function sourceTemplate(engine: Engine, input: CreateStackSetInput, context: CallContext): Promise<Template> {
  if (input.StackId === undefined) {
    return acceptTemplate(await requiredTemplateText(input, context), engine.provider, context);
  }
  const stack = engine.store.byArn(input.StackId);
  if (!stack?.current) {
    throw validationError(`Stack with id ${input.StackId} does not exist`);
  }
  return stack.current.template;
}

function createStackSet(engine: Engine, store: StackSetStore): Handler {
  return async (input: CreateStackSetInput, context) => {
    checkConstraints([['stackSetName', input.StackSetName, nameConstraint]]);
    checkMembers(input);
    const owner = ownerOf(engine.world, context, input.CallAs);
    const name = input.StackSetName ?? '';
    const known = store.at(owner).active.get(name);
    if (known && input.ClientRequestToken !== undefined && known.token === input.ClientRequestToken) {
      return { StackSetId: known.id };
    }
    const permissionModel = checkModel(input, context);
    const target = await targetFrom(input, await sourceTemplate(engine, input, context), context);
    const roles = permissionModel === 'SELF_MANAGED' ? rolesOf(context, input, owner.accountId) : {};
    if (store.at(owner).active.has(name)) {
      throw new ServiceError('NameAlreadyExistsException', `StackSet ${name} already exists`, 409);
    }
    const id = `${name}:${randomUUID()}`;
    const set: StackSet = {
      ...owner,
      id,
      arn: `arn:${engine.world.partition}:cloudformation:${owner.region}:${owner.accountId}:stackset/${id}`,
      name,
      status: 'ACTIVE',
      current: target,
      permissionModel,
      autoDeployment: autoDeployment(input.AutoDeployment),
      managedExecution: input.ManagedExecution?.Active ?? false,
      ...roles,
      stranger: isStranger(context) ? context.caller : undefined,
      organizationalUnitIds: new Set(),
      autoTargets: new Map(),
      token: input.ClientRequestToken,
      instances: new Map(),
      operations: new Map(),
      queue: [],
    };
    store.add(set);
    return { StackSetId: id };
  };
}

function deleteStackSet(engine: Engine, store: StackSetStore): Handler {
  return (input: DeleteStackSetInput, context) => {
    ownerOf(engine.world, context, input.CallAs);
    const set = store.find(input.StackSetName, context, input.CallAs);
    if (!set || set.status === 'DELETED') {
      return {};
    }
    const busy = [...set.operations.values()].find((each) => /RUNNING|STOPPING|QUEUED/.test(each.status));
    if (busy) {
      throw new ServiceError(
        'OperationInProgressException',
        `Another Operation on StackSet ${set.arn} is in progress: ${busy.id}`,
        409,
      );
    }
    if (set.instances.size > 0) {
      throw new ServiceError('StackSetNotEmptyException', 'StackSet is not empty', 409);
    }
    store.bury(set);
    return {};
  };
}

function updateStackSet(engine: Engine, store: StackSetStore): Handler {
  return async (input: UpdateStackSetInput, context) => {
    checkMembers(input);
    const set = store.existing(input.StackSetName, context, input.CallAs);
    const text = await templateText(input, context);
    if ((text === undefined) !== (input.UsePreviousTemplate ?? false)) {
      throw validationError(
        text === undefined
          ? 'Either Template URL or Template Body must be specified.'
          : 'Template body or URL and UsePreviousTemplate cannot be specified together.',
      );
    }
    const template = text === undefined ? set.current.template : acceptTemplate(text, engine.provider, context);
    const target = await targetFrom(input, template, context, set.current);
    if (
      input.PermissionModel !== undefined &&
      input.PermissionModel !== set.permissionModel &&
      set.instances.size > 0
    ) {
      throw validationError('PermissionModel can only be changed while the StackSet has no stack instances');
    }
    const roles = set.permissionModel === 'SELF_MANAGED' ? rolesOf(context, input, set.accountId, set) : {};
    return updateInstancesOf(engine, set, input, context, () => {
      set.current = target;
      set.permissionModel = input.PermissionModel ?? set.permissionModel;
      set.administrationRoleArn = roles.administrationRoleArn ?? set.administrationRoleArn;
      set.executionRoleName = roles.executionRoleName ?? set.executionRoleName;
      set.autoDeployment = autoDeployment(input.AutoDeployment) ?? set.autoDeployment;
      set.managedExecution = input.ManagedExecution?.Active ?? set.managedExecution;
    });
  };
}

/** CreateStackSet, UpdateStackSet, DeleteStackSet. */
export function definitionOperations(engine: Engine, store: StackSetStore): Record<string, Handler> {
  return {
    CreateStackSet: createStackSet(engine, store),
    UpdateStackSet: updateStackSet(engine, store),
    DeleteStackSet: deleteStackSet(engine, store),
  };
}
