import { isDeepStrictEqual } from 'node:util';
import { validationError } from '../errors';
import { isMap, type ResourceDefinition, type Value } from '../template/model';
import { replaces } from './difference';
import { declaredProperties, type Run } from './run';
import type { StackResource } from './state';

function listOf(value: Value | undefined): string[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
}

function matches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
      'i',
    ).test(text),
  );
}

function typeMatches(statement: Record<string, Value>, type: string): boolean {
  const conditions = isMap(statement.Condition) ? Object.values(statement.Condition) : [];
  return conditions.every((condition) => !isMap(condition) || matches(listOf(condition.ResourceType), type));
}

function concerns(statement: Record<string, Value>, action: string, resource: StackResource): boolean {
  const target = `LogicalResourceId/${resource.logicalId}`;
  const actions =
    statement.NotAction === undefined
      ? matches(listOf(statement.Action), action)
      : !matches(listOf(statement.NotAction), action);
  const resources =
    statement.NotResource === undefined
      ? matches(listOf(statement.Resource), target)
      : !matches(listOf(statement.NotResource), target);
  return actions && resources && typeMatches(statement, resource.type);
}

/** Refuses a change that the stack's policy does not allow. @throws ServiceError `ValidationError` */
export function stackPolicyRefusal(
  run: Run,
  resource: StackResource,
  definition: ResourceDefinition,
  during: string | undefined,
): void {
  const text = during ?? run.stack.policy;
  if (text === undefined) {
    return;
  }
  const declared = declaredProperties(definition, run.scope);
  const provider = run.engine.provider(resource.type);
  if (!provider || isDeepStrictEqual(declared, resource.declared)) {
    return;
  }
  const action = replaces(resource.type, provider, resource.declared, declared) ? 'Update:Replace' : 'Update:Modify';
  const document = JSON.parse(text) as { Statement?: Value };
  const statements = listOfMaps(document.Statement);
  const concerned = statements.filter((statement) => concerns(statement, action, resource));
  const denied = concerned.some((statement) => statement.Effect === 'Deny');
  if (denied || !concerned.some((statement) => statement.Effect === 'Allow')) {
    throw validationError(
      `Action denied by stack policy: ${denied ? 'Statement' : 'No statement'} ${denied ? 'denies' : 'allows'} [${action}] for resource [LogicalResourceId/${resource.logicalId}]`,
    );
  }
}

function listOfMaps(value: Value | undefined): Record<string, Value>[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter(isMap);
}
