import type { Change, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { tagList } from '../../common/tags';
import { isTaggable } from '../stacks/difference';
import { type PlannedChange, recreation } from '../stacks/preview';
import type { Stack } from '../stacks/state';
import { asFunction, isMap, type Value } from '../template/model';
import { describeParameters } from '../template/parameters';
import { referencesOf } from '../template/references';
import type { ChangeSet } from './model';

/** What in the template makes a property's value what it is. */
function causeOf(
  property: Value | undefined,
  change: PlannedChange & { action: 'Modify' },
  resources: ReadonlySet<string>,
) {
  if (property === undefined) {
    return { source: 'DirectModification' as const };
  }
  const call = asFunction(property);
  const references = referencesOf(property);
  const [attribute] = [...references.attributes].filter(([name]) => resources.has(name));
  if (attribute) {
    return { source: 'ResourceAttribute' as const, entity: `${attribute[0]}.${[...attribute[1]][0]}` };
  }
  const reference = [...references.refs].find((name) => resources.has(name));
  if (reference !== undefined) {
    return { source: 'ResourceReference' as const, entity: reference };
  }
  const parameter = call?.name === 'Ref' ? String(call.argument) : [...references.refs][0];
  if (parameter !== undefined && !parameter.startsWith('AWS::')) {
    return { source: 'ParameterReference' as const, entity: parameter };
  }
  return { source: 'DirectModification' as const, entity: undefined, change };
}

function details(
  change: PlannedChange & { action: 'Modify' },
  resources: ReadonlySet<string>,
  values: boolean,
): ResourceChangeDetail[] {
  const { resource, definition, after } = change;
  const properties = change.properties.map(({ name }): ResourceChangeDetail => {
    const cause = causeOf(definition.properties[name], change, resources);
    const tags = name === 'Tags' && isTaggable(resource.type);
    const text = (value: Value | undefined) =>
      value === undefined ? undefined : isMap(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
    const before = text(resource.declared[name]);
    const next = text(after[name]);
    return {
      Target: {
        Attribute: tags ? 'Tags' : 'Properties',
        Name: tags ? undefined : name,
        RequiresRecreation:
          change.replacement && recreation(resource.type, name) === 'Never' && !resourceUpdates(change)
            ? 'Always'
            : recreation(resource.type, name),
        ...(values
          ? {
              Path: `/Properties/${name}`,
              BeforeValue: before,
              AfterValue: next,
              AttributeChangeType: before === undefined ? 'Add' : next === undefined ? 'Remove' : 'Modify',
            }
          : {}),
      },
      Evaluation: change.dynamic.has(name) ? 'Dynamic' : 'Static',
      ChangeSource: cause.source,
      CausingEntity: cause.entity,
    };
  });
  const others: ResourceChangeDetail[] = [];
  if (change.metadata) {
    others.push({
      Target: { Attribute: 'Metadata', RequiresRecreation: 'Never' },
      Evaluation: 'Static',
      ChangeSource: 'DirectModification',
    });
  }
  if (change.tags) {
    others.push({
      Target: { Attribute: 'Tags', RequiresRecreation: 'Never' },
      Evaluation: 'Static',
      ChangeSource: 'DirectModification',
    });
  }
  return [...properties, ...others];
}

function resourceUpdates(change: PlannedChange & { action: 'Modify' }): boolean {
  return change.properties.some(({ replacement }) => replacement);
}

/** `Change` of the API. */
export function describeChange(change: PlannedChange, resources: ReadonlySet<string>, values: boolean): Change {
  if (change.action === 'Remove') {
    const { resource } = change;
    return {
      Type: 'Resource',
      ResourceChange: {
        PolicyAction: resource.deletionPolicy === 'Retain' ? 'Retain' : 'Delete',
        Action: 'Remove',
        LogicalResourceId: resource.logicalId,
        PhysicalResourceId: resource.physicalId,
        ResourceType: resource.type,
        Scope: [],
        Details: [],
        BeforeContext: values ? JSON.stringify({ Properties: resource.declared }) : undefined,
      },
    };
  }
  if (change.action !== 'Modify') {
    const { definition } = change;
    return {
      Type: 'Resource',
      ResourceChange: {
        Action: change.action,
        LogicalResourceId: definition.logicalId,
        ResourceType: definition.type,
        Scope: [],
        Details: [],
        AfterContext: values ? JSON.stringify({ Properties: change.after }) : undefined,
      },
    };
  }
  return describeModification(change, resources, values);
}

function describeModification(
  change: PlannedChange & { action: 'Modify' },
  resources: ReadonlySet<string>,
  values: boolean,
): Change {
  const { resource } = change;
  const list = details(change, resources, values);
  const conditional =
    change.replacement && change.properties.some(({ name, replacement }) => replacement && change.dynamic.has(name));
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: change.replacement
        ? resource.updateReplacePolicy === 'Retain'
          ? 'ReplaceAndRetain'
          : 'ReplaceAndDelete'
        : undefined,
      Action: 'Modify',
      LogicalResourceId: resource.logicalId,
      PhysicalResourceId: resource.physicalId,
      ResourceType: resource.type,
      Replacement: change.replacement ? (conditional ? 'Conditional' : 'True') : 'False',
      Scope: [...new Set(list.map((each) => each.Target?.Attribute ?? 'Properties'))],
      Details: list,
      BeforeContext: values ? JSON.stringify({ Properties: resource.declared }) : undefined,
      AfterContext: values ? JSON.stringify({ Properties: change.after }) : undefined,
    },
  };
}

/** `DescribeChangeSet`'s answer without its changes. */
export function describeChangeSet(stack: Stack, changeSet: ChangeSet) {
  const { target } = changeSet;
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: stack.id,
    StackName: stack.name,
    Description: changeSet.description,
    Parameters: target.parameters.size === 0 ? undefined : describeParameters(target.parameters),
    CreationTime: changeSet.createdAt,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    NotificationARNs: [...target.notificationArns],
    RollbackConfiguration: target.rollback ?? {},
    Capabilities: [...target.capabilities],
    Tags: target.tags.size === 0 ? undefined : tagList(target.tags),
    IncludeNestedStacks: changeSet.includeNested,
    OnStackFailure: changeSet.onFailure,
    ImportExistingResources: changeSet.importExisting || undefined,
  };
}
