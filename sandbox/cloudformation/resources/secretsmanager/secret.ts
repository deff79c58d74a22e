import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { differs, document, map, pick, tagsOrNone, text } from '../values';

const passwordOptions = [
  'ExcludeCharacters',
  'ExcludeLowercase',
  'ExcludeNumbers',
  'ExcludePunctuation',
  'ExcludeUppercase',
  'IncludeSpace',
  'PasswordLength',
  'RequireEachIncludedType',
];

/** The secret's text: as given, or made up as `GenerateSecretString` says. */
async function secretText(context: ResourceContext, properties: ValueMap): Promise<string | undefined> {
  if (properties.GenerateSecretString === undefined) {
    return text(properties.SecretString);
  }
  const options = map(properties.GenerateSecretString);
  const { RandomPassword } = await context.call<{ RandomPassword: string }>(
    'secretsmanager',
    'GetRandomPassword',
    pick(options, passwordOptions),
  );
  if (options.SecretStringTemplate === undefined) {
    return RandomPassword;
  }
  const template = JSON.parse(String(options.SecretStringTemplate)) as Record<string, unknown>;
  return JSON.stringify({ ...template, [String(options.GenerateStringKey)]: RandomPassword });
}

/** AWS::SecretsManager::Secret */
export const secret: ResourceProvider = {
  async create(context, properties) {
    const { ARN } = await context.call<{ ARN: string }>('secretsmanager', 'CreateSecret', {
      Name: text(properties.Name) ?? context.generateName(512),
      ...pick(properties, ['Description', 'KmsKeyId']),
      SecretString: await secretText(context, properties),
      Tags: tagsOrNone(context.tags(properties.Tags)),
    });
    return { physicalId: ARN, attributes: { Id: ARN } };
  },
  async update(context, SecretId, after, before) {
    const regenerate = differs(before, after, ['GenerateSecretString', 'SecretString']);
    if (regenerate || differs(before, after, ['Description', 'KmsKeyId'])) {
      const SecretString = regenerate ? await secretText(context, after) : undefined;
      const change = pick(after, ['Description', 'KmsKeyId']);
      await context.call('secretsmanager', 'UpdateSecret', { SecretId, ...change, SecretString });
    }
    const tags = context.tagChanges(before.Tags, after.Tags);
    if (tags.set.length > 0) {
      await context.call('secretsmanager', 'TagResource', { SecretId, Tags: tags.set });
    }
    if (tags.remove.length > 0) {
      await context.call('secretsmanager', 'UntagResource', { SecretId, TagKeys: tags.remove });
    }
    return undefined;
  },
  delete: (context, SecretId) =>
    ifThere(() => context.call('secretsmanager', 'DeleteSecret', { SecretId, ForceDeleteWithoutRecovery: true })),
};

async function putPolicy(context: ResourceContext, properties: ValueMap): Promise<void> {
  await context.call('secretsmanager', 'PutResourcePolicy', {
    SecretId: properties.SecretId,
    ResourcePolicy: document(properties.ResourcePolicy),
    BlockPublicPolicy: properties.BlockPublicPolicy,
  });
}

/** AWS::SecretsManager::ResourcePolicy */
export const secretPolicy: ResourceProvider = {
  async create(context, properties) {
    await putPolicy(context, properties);
    const physicalId = String(properties.SecretId);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update(context, _physicalId, after) {
    await putPolicy(context, after);
    return undefined;
  },
  delete: (context, _physicalId, { SecretId }) =>
    ifThere(() => context.call('secretsmanager', 'DeleteResourcePolicy', { SecretId })),
};
