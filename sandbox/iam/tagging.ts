import { removeTags, setTags, type Tag, type Tags, tagList } from '../common/tags';
import type { CallContext, Handler } from '../core/service';
import { checkModifiable, entityOf } from './attachments';
import { page } from './page';
import type { Policies } from './policies';
import { type IamState, nameKey, noSuchEntity } from './state';
import { checkTagKeys, checkTags } from './validate';

type TagInput = Record<string, unknown> & { Tags?: Tag[]; TagKeys?: string[]; Marker?: string; MaxItems?: number };

type Finder = (input: TagInput, context: CallContext, change: boolean) => Tags;

function found(item: { readonly tags: Tags } | undefined, what: unknown): Tags {
  if (!item) {
    throw noSuchEntity(`${what} cannot be found.`);
  }
  return item.tags;
}

function finders(state: IamState, policies: Policies): Record<string, Finder> {
  const entity =
    (kind: 'User' | 'Role'): Finder =>
    (input, context, change) => {
      const each = entityOf(state, kind, input, context);
      if (change) {
        checkModifiable(each, context);
      }
      return each.tags;
    };
  const account = (context: CallContext) => state.account(context.accountId);
  return {
    User: entity('User'),
    Role: entity('Role'),
    Policy: (input, context) => policies.get(String(input.PolicyArn), context).tags,
    InstanceProfile: (input, context) => {
      const name = String(input.InstanceProfileName);
      return found(account(context).instanceProfiles.get(nameKey(name)), `Instance Profile ${name}`);
    },
    SAMLProvider: (input, context) =>
      found(account(context).samlProviders.get(String(input.SAMLProviderArn)), input.SAMLProviderArn),
    OpenIDConnectProvider: (input, context) =>
      found(account(context).oidcProviders.get(String(input.OpenIDConnectProviderArn)), input.OpenIDConnectProviderArn),
    MFADevice: (input, context) =>
      found(account(context).mfaDevices.get(String(input.SerialNumber)), input.SerialNumber),
  };
}

/** Tags of everything in IAM that has tags. Keys are kept as first written: their case does not tell them apart. */
export function tagOperations(state: IamState, policies: Policies): Record<string, Handler> {
  const operations: Record<string, Handler> = {};
  for (const [kind, find] of Object.entries(finders(state, policies))) {
    operations[`Tag${kind}`] = (input: TagInput, context) => {
      const tags = find(input, context, true);
      const given = new Set((input.Tags ?? []).map(({ Key = '' }) => Key.toLowerCase()));
      const others = [...tags.keys()].filter((key) => !given.has(key.toLowerCase()));
      checkTags(input.Tags, others.length);
      // One that is written otherwise now takes the place of the old one.
      const written = new Set((input.Tags ?? []).map(({ Key = '' }) => Key));
      for (const key of [...tags.keys()].filter((each) => given.has(each.toLowerCase()) && !written.has(each))) {
        tags.delete(key);
      }
      setTags(tags, input.Tags);
      return {};
    };
    operations[`Untag${kind}`] = (input: TagInput, context) => {
      checkTagKeys(input.TagKeys);
      const tags = find(input, context, true);
      const gone = new Set((input.TagKeys ?? []).map((key) => key.toLowerCase()));
      removeTags(
        tags,
        [...tags.keys()].filter((key) => gone.has(key.toLowerCase())),
      );
      return {};
    };
    operations[`List${kind}Tags`] = (input: TagInput, context) =>
      page('Tags', tagList(find(input, context, false)), input);
  }
  return operations;
}
