import { ServiceError } from '../../../core/errors';
import type { StackStore } from '../../stacks/state';
import type { ResourceContext, ResourceProvider } from '../provider';

function macrosOf(store: StackStore, context: ResourceContext): Map<string, string> {
  return store.regions.at({ accountId: context.accountId, region: context.region }).macros;
}

/** AWS::CloudFormation::Macro: a function of the account that rewrites templates. */
export function macro(store: StackStore): ResourceProvider {
  return {
    async create(context, properties) {
      const name = String(properties.Name);
      const macros = macrosOf(store, context);
      if (macros.has(name)) {
        throw new ServiceError('AlreadyExists', `${name} already exists in stack ${context.stackId}`);
      }
      macros.set(name, String(properties.FunctionName));
      return { physicalId: name };
    },
    async update(context, physicalId, properties) {
      macrosOf(store, context).set(physicalId, String(properties.FunctionName));
      return undefined;
    },
    async delete(context, physicalId) {
      macrosOf(store, context).delete(physicalId);
    },
    replaces: (before, after) => before.Name !== after.Name,
  };
}
