import { type Handled, handlers } from './handlers';
import type { ResourceContext, ResourceProvider } from './provider';
import { differs, orUndo } from './values';

/**
 * The provider of a type that asks IAM for all that AWS's handlers call in the caller's name, also for what nobody needs
 * here. So who may do less than they call fails here as on AWS.
 */
export function asking(type: string, provider: ResourceProvider): ResourceProvider {
  const known = handlers[type];
  if (known === undefined) {
    return provider;
  }
  const ask = async (context: ResourceContext, resource: Handled, operations: readonly string[]) => {
    const input = known.names(resource, context);
    for (const operation of operations) {
      await context.ask(known.service, operation, input);
    }
  };
  const { update, read } = provider;
  return {
    ...provider,
    async create(context, properties) {
      const made = await provider.create(context, properties);
      const { physicalId } = made;
      const tag = known.tag === undefined ? [] : [known.tag];
      await orUndo(
        async () => {
          await ask(context, { physicalId, properties }, [...(known.create ?? []), ...tag, ...known.read]);
          for (const { service, operation, input } of known.elsewhere ?? []) {
            await context.ask(service, operation, input);
          }
        },
        () => provider.delete(context, physicalId, properties),
      );
      return made;
    },
    update:
      update &&
      (async (context, physicalId, properties, before) => {
        const changed = await update(context, physicalId, properties, before);
        const changes = Object.entries(known.changes ?? {}).filter(([name]) => differs(before, properties, [name]));
        await ask(context, { physicalId, properties }, [...changes.map(([, operation]) => operation), ...known.read]);
        return changed;
      }),
    async delete(context, physicalId, properties) {
      await ask(context, { physicalId, properties }, known.delete);
      return provider.delete(context, physicalId, properties);
    },
    read:
      read &&
      (async (context, physicalId, properties) => {
        await ask(context, { physicalId, properties }, known.read);
        return read(context, physicalId, properties);
      }),
  };
}
