import { isDeepStrictEqual } from 'node:util';
import type { StackInstanceSummary } from '@aws-sdk/client-cloudformation';
import { ServiceError } from '../../../core/errors';
import type { Value, ValueMap } from '../../template/model';
import type { ResourceContext, ResourceProvider } from '../provider';
import { differs, document, map, maps, orUndo, pick, text, texts } from '../values';

const definition = [
  'AdministrationRoleARN',
  'AutoDeployment',
  'CallAs',
  'Capabilities',
  'Description',
  'ExecutionRoleName',
  'ManagedExecution',
  'Parameters',
  'TemplateURL',
];

function definitionOf(context: ResourceContext, properties: ValueMap): Record<string, unknown> {
  const tags = context.tags(properties.Tags);
  return {
    ...pick(properties, definition),
    TemplateBody: document(properties.TemplateBody),
    Tags: tags.length === 0 ? undefined : tags,
  };
}

/** Waits for an operation. @throws ServiceError when it failed or was stopped */
async function finished(
  context: ResourceContext,
  StackSetName: string,
  OperationId: string | undefined,
  CallAs: Value | undefined,
): Promise<void> {
  for (;;) {
    const { StackSetOperation } = await context.call<{ StackSetOperation: { Status: string } }>(
      'cloudformation',
      'DescribeStackSetOperation',
      { StackSetName, OperationId, CallAs },
    );
    const { Status } = StackSetOperation;
    if (Status === 'SUCCEEDED') {
      return;
    }
    if (Status === 'FAILED' || Status === 'STOPPED') {
      throw new ServiceError(
        'GeneralServiceException',
        `Stack set operation [${OperationId}] was unexpectedly stopped or failed`,
        400,
      );
    }
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

/** One group of instances as requests take it. */
function groupInput(group: ValueMap): Record<string, unknown> {
  const targets = map(group.DeploymentTargets);
  const service = targets.OrganizationalUnitIds !== undefined;
  return {
    ...(service ? { DeploymentTargets: targets } : { Accounts: targets.Accounts }),
    Regions: group.Regions,
    ParameterOverrides: group.ParameterOverrides,
  };
}

async function operate(
  context: ResourceContext,
  id: string,
  operation: string,
  input: Record<string, unknown>,
  properties: ValueMap,
): Promise<void> {
  const { CallAs, OperationPreferences } = properties;
  const whole = { StackSetName: id, CallAs, OperationPreferences, ...input };
  const { OperationId } = await context.call<{ OperationId?: string }>('cloudformation', operation, whole);
  await finished(context, id, OperationId, CallAs);
}

async function changeInstances(context: ResourceContext, id: string, after: ValueMap, before: ValueMap): Promise<void> {
  const [wanted, had] = [maps(after.StackInstancesGroup), maps(before.StackInstancesGroup)];
  for (const group of had.filter((each) => !wanted.some((other) => sameTargets(other, each)))) {
    const { ParameterOverrides: _overrides, ...targets } = groupInput(group);
    await operate(context, id, 'DeleteStackInstances', { ...targets, RetainStacks: false }, after);
  }
  for (const group of wanted) {
    const known = had.find((each) => sameTargets(group, each));
    if (!known) {
      await operate(context, id, 'CreateStackInstances', groupInput(group), after);
    } else if (!isDeepStrictEqual(known, group)) {
      await operate(context, id, 'UpdateStackInstances', groupInput(group), after);
    }
  }
}

function sameTargets(left: ValueMap, right: ValueMap): boolean {
  const key = (group: ValueMap) => {
    const { Accounts, OrganizationalUnitIds } = map(group.DeploymentTargets);
    return [texts(Accounts), texts(OrganizationalUnitIds), texts(group.Regions)].map((each) => [...each].sort());
  };
  return isDeepStrictEqual(key(left), key(right));
}

async function remove(context: ResourceContext, id: string, properties: ValueMap): Promise<void> {
  const { CallAs } = properties;
  try {
    const { Summaries = [] } = await context.call<{ Summaries?: StackInstanceSummary[] }>(
      'cloudformation',
      'ListStackInstances',
      { StackSetName: id, CallAs },
    );
    if (Summaries.length > 0) {
      await changeInstances(context, id, pick(properties, ['CallAs', 'OperationPreferences']), properties);
    }
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'StackSetNotFoundException') {
      throw error;
    }
  }
  await context.call('cloudformation', 'DeleteStackSet', { StackSetName: id, CallAs });
}

/** AWS::CloudFormation::StackSet */
export const stackSet: ResourceProvider = {
  async create(context, properties) {
    const { StackSetId } = await context.call<{ StackSetId: string }>('cloudformation', 'CreateStackSet', {
      StackSetName: text(properties.StackSetName),
      PermissionModel: properties.PermissionModel,
      ...definitionOf(context, properties),
    });
    await orUndo(
      () => changeInstances(context, StackSetId, properties, {}),
      () => remove(context, StackSetId, properties),
    );
    return { physicalId: StackSetId, attributes: { StackSetId } };
  },
  async update(context, StackSetName, after, before) {
    const tags = context.tagChanges(before.Tags, after.Tags);
    if (differs(before, after, [...definition, 'TemplateBody']) || tags.set.length + tags.remove.length > 0) {
      await operate(context, StackSetName, 'UpdateStackSet', definitionOf(context, after), after);
    }
    await changeInstances(context, StackSetName, after, before);
    return undefined;
  },
  delete: remove,
};
