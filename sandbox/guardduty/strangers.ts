import type { CreateDetectorRequest, UpdateDetectorRequest } from '@aws-sdk/client-guardduty';
import { Store } from '../common/store';
import type { CallContext, Handler } from '../core/service';
import { isStranger } from '../core/strangers';
import { featuresIn } from './plans';

/*
 * What callers get away with whose keys this world does not know (`anyKeyAccount`): other projects' suites name
 * protection plans of their own, and administrators of organizations that are none. Nothing here holds for anybody else.
 */

/** A request without the protection plans that a stranger has made up. */
export function withKnownPlans<Input extends CreateDetectorRequest | UpdateDetectorRequest>(
  input: Input,
  context: CallContext,
): Input {
  const known = featuresIn(context.region).map(({ name }) => name);
  return isStranger(context)
    ? { ...input, Features: input.Features?.filter(({ Name }) => known.includes(Name ?? '')) }
    : input;
}

/** Strangers without an organization name any administrator, which has no effect but to be listed. */
export function withNamedAdministrators(handlers: Readonly<Record<string, Handler>>): Record<string, Handler> {
  const regions = new Store((site) => ({ ...site, names: new Set<string>() }));
  const [enable, list] = ['EnableOrganizationAdminAccount', 'ListOrganizationAdminAccounts'];
  const unlessAlone =
    (name: string, instead: Handler): Handler =>
    (input, context) =>
      isStranger(context) && !context.world.organization.current
        ? instead(input, context)
        : handlers[name]?.(input, context);
  return {
    ...handlers,
    [enable]: unlessAlone(enable, ({ AdminAccountId }, context) => {
      regions.at(context).names.add(AdminAccountId);
      return {};
    }),
    [list]: unlessAlone(list, (_input, context) => ({
      AdminAccounts: [...regions.at(context).names].map((id) => ({ AdminAccountId: id, AdminStatus: 'ENABLED' })),
    })),
  };
}
