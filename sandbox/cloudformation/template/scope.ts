import { dnsSuffix } from '../../common/arn';
import { evaluateConditions } from './conditions';
import type { ResolvedResource, Scope } from './evaluate';
import type { Template, Value } from './model';
import { parameterValue, type ResolvedParameters } from './parameters';
import { checkRules } from './rules';

/** Where a stack stands: what the pseudo parameters say. */
export interface StackPlace {
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly notificationArns?: readonly string[];
}

/** What `Ref` finds for parameters and pseudo parameters. */
export function parameterValues(parameters: ResolvedParameters, place: StackPlace): Map<string, Value> {
  const values = new Map<string, Value>([
    ['AWS::AccountId', place.accountId],
    ['AWS::NotificationARNs', [...(place.notificationArns ?? [])]],
    ['AWS::Partition', place.partition],
    ['AWS::Region', place.region],
    ['AWS::StackId', place.stackId],
    ['AWS::StackName', place.stackName],
    ['AWS::URLSuffix', dnsSuffix(place.partition)],
  ]);
  for (const [name, parameter] of parameters) {
    values.set(name, parameterValue(parameter));
  }
  return values;
}

/** What looks things up outside the template. */
export interface Lookups {
  resource(logicalId: string): ResolvedResource | undefined;
  importValue(name: string): string;
}

/** Everything that the template's functions see; conditions evaluated and rules checked. @throws ServiceError */
export function scopeOf(
  template: Template,
  parameters: ResolvedParameters,
  place: StackPlace,
  lookups: Lookups,
): Scope {
  const base = {
    template,
    parameters: parameterValues(parameters, place),
    resource: lookups.resource,
    importValue: lookups.importValue,
    availabilityZones: (region: string) => ['a', 'b', 'c'].map((letter) => region + letter),
  };
  const scope: Scope = { ...base, conditions: evaluateConditions(template, base) };
  checkRules(template, scope);
  return scope;
}

/** Whether a resource or output is wanted under the stack's conditions. */
export function isWanted(definition: { readonly condition?: string }, scope: Scope): boolean {
  return definition.condition === undefined || scope.conditions.get(definition.condition) === true;
}
