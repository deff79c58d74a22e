import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { orUndo, pick } from '../values';
import { ec2, first, known, tagSpecifications, unlessGone } from './shared';

/** Where CloudFormation keeps the private key of a pair that it had EC2 make. */
function parameterName(keyPairId: string): string {
  return `/ec2/keypair/${keyPairId}`;
}

async function found(context: ResourceContext, name: string): Promise<ValueMap> {
  return first(await ec2(context, 'DescribeKeyPairs', { KeyNames: [name] }), 'KeyPairs');
}

function provided(pair: ValueMap): ProvidedResource {
  return { physicalId: String(pair.KeyName), attributes: known(pick(pair, ['KeyPairId', 'KeyFingerprint'])) };
}

/** AWS::EC2::KeyPair: every change makes another pair. */
export const keyPair: ResourceProvider = {
  async create(context, properties) {
    const { KeyName, KeyType, KeyFormat, PublicKeyMaterial } = properties;
    const TagSpecifications = tagSpecifications(context, properties.Tags, 'key-pair');
    if (PublicKeyMaterial !== undefined) {
      const material = Buffer.from(String(PublicKeyMaterial), 'utf8');
      const input = { KeyName, PublicKeyMaterial: material, TagSpecifications };
      return provided(await ec2(context, 'ImportKeyPair', input));
    }
    const pair = await ec2(context, 'CreateKeyPair', { KeyName, KeyType, KeyFormat, TagSpecifications });
    const Name = parameterName(String(pair.KeyPairId));
    await orUndo(
      () => context.call('ssm', 'PutParameter', { Name, Type: 'SecureString', Value: pair.KeyMaterial }),
      () => ec2(context, 'DeleteKeyPair', { KeyName }),
    );
    return provided(pair);
  },
  delete: (context, KeyName, properties) =>
    ifThere(async () => {
      const pair = await found(context, KeyName);
      await ec2(context, 'DeleteKeyPair', { KeyName });
      if (properties.PublicKeyMaterial === undefined) {
        await context.call('ssm', 'DeleteParameter', { Name: parameterName(String(pair.KeyPairId)) });
      }
    }),
  read: (context, name) => unlessGone(async () => pick(await found(context, name), ['KeyName', 'KeyType'])),
  adopt: async (context, identifier) => provided(await found(context, identifier.KeyName ?? '')),
};
