import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateKeyCommand,
  DecryptCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

const account = '111111111111';
let sandbox: RunningSandbox;
let settings: {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
};

beforeAll(async () => {
  sandbox = await createSandbox({ accounts: [{ id: account, email: 'a@example.com' }] });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.reset();
  settings = { region: 'us-east-1', endpoint: sandbox.endpoint, credentials: sandbox.management };
});

/** Settings of a role that may do these actions on everything. */
async function asRole(Action: string[]) {
  const iam = new IAMClient(settings);
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' }],
  };
  await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'p', PolicyDocument }));
  const { Credentials } = await new STSClient(settings).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/r`, RoleSessionName: 'test' }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken,
  };
  return { ...settings, credentials };
}

test('what a key encrypts opens with the same encryption context alone', async () => {
  const kms = new KMSClient(settings);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.Arn;
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({ KeyId, Plaintext: Buffer.from('secret'), EncryptionContext: { b: '2', a: '1' } }),
  );
  const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: '1', b: '2' } }));
  expect(Buffer.from(Plaintext ?? []).toString()).toBe('secret');
  await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  });
  const dataKey = await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob: dataKey.CiphertextBlob }));
  expect(opened.Plaintext).toEqual(dataKey.Plaintext);
  await kms.send(new DisableKeyCommand({ KeyId }));
  await expect(kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))).rejects.toMatchObject({
    name: 'DisabledException',
  });
});

test('a key whose policy does not name the account is closed to its identities', async () => {
  const kms = new KMSClient(settings);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const role = new KMSClient(await asRole(['kms:*']));
  const encrypt = () => role.send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('x') }));
  await encrypt();
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:user/administrator` },
      Action: 'kms:*',
      Resource: '*',
    },
  ];
  await kms.send(
    new PutKeyPolicyCommand({
      KeyId: KeyMetadata?.KeyId,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
  await expect(encrypt()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a SecureString under the AWS managed key needs no permission of its own', async () => {
  const ssm = new SSMClient(settings);
  await ssm.send(new PutParameterCommand({ Name: '/app/hook', Type: 'SecureString', Value: 'https://x' }));
  const role = new SSMClient(await asRole(['ssm:GetParameter']));
  const { Parameter } = await role.send(new GetParameterCommand({ Name: '/app/hook', WithDecryption: true }));
  expect(Parameter).toMatchObject({
    Value: 'https://x',
    Type: 'SecureString',
    Version: 1,
    ARN: `arn:aws:ssm:us-east-1:${account}:parameter/app/hook`,
  });
  const sealed = await role.send(new GetParameterCommand({ Name: '/app/hook' }));
  expect(sealed.Parameter?.Value).not.toContain('https');
});

test('a SecureString under a key of one’s own needs kms:Decrypt', async () => {
  const { KeyMetadata } = await new KMSClient(settings).send(new CreateKeyCommand({}));
  await new SSMClient(settings).send(
    new PutParameterCommand({ Name: '/app/hook', Type: 'SecureString', Value: 'x', KeyId: KeyMetadata?.KeyId }),
  );
  const role = new SSMClient(await asRole(['ssm:GetParameter']));
  await expect(role.send(new GetParameterCommand({ Name: '/app/hook', WithDecryption: true }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

test('parameters have versions, paths and names that are checked', async () => {
  const ssm = new SSMClient(settings);
  const put = (Name: string, Value: string, more: object = {}) =>
    ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));
  await put('/a/b', '1');
  await put('/a/b', '2', { Overwrite: true });
  await put('/a/c/d', '3');
  await expect(put('/a/b', '4')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  await expect(put('/aws/x', '4')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(ssm.send(new GetParameterCommand({ Name: '/none' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
  expect((await ssm.send(new GetParameterCommand({ Name: '/a/b:1' }))).Parameter?.Value).toBe('1');
  expect((await ssm.send(new GetParametersByPathCommand({ Path: '/a' }))).Parameters?.map(({ Name }) => Name)).toEqual([
    '/a/b',
  ]);
  expect((await ssm.send(new GetParametersByPathCommand({ Path: '/a', Recursive: true }))).Parameters).toHaveLength(2);
  expect(
    (await ssm.send(new GetParameterHistoryCommand({ Name: '/a/b' }))).Parameters?.map(({ Value }) => Value),
  ).toEqual(['1', '2']);
});

test('secrets have a current and a previous version', async () => {
  const secrets = new SecretsManagerClient(settings);
  const { ARN } = await secrets.send(new CreateSecretCommand({ Name: 'token', SecretString: 'one' }));
  expect(ARN).toMatch(new RegExp(`^arn:aws:secretsmanager:us-east-1:${account}:secret:token-\\w{6}$`));
  await secrets.send(new PutSecretValueCommand({ SecretId: 'token', SecretString: 'two' }));
  const value = async (VersionStage?: string) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId: ARN, VersionStage }))).SecretString;
  expect([await value(), await value('AWSPREVIOUS')]).toEqual(['two', 'one']);
  await secrets.send(new DeleteSecretCommand({ SecretId: 'token' }));
  await expect(value()).rejects.toMatchObject({ name: 'InvalidRequestException' });
});

test('a queue under a key of one’s own wants the sender to have it', async () => {
  const { KeyMetadata } = await new KMSClient(settings).send(new CreateKeyCommand({}));
  const { QueueUrl } = await new SQSClient(settings).send(
    new CreateQueueCommand({ QueueName: 'q', Attributes: { KmsMasterKeyId: KeyMetadata?.KeyId ?? '' } }),
  );
  const role = new SQSClient(await asRole(['sqs:SendMessage']));
  await expect(role.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).rejects.toMatchObject({
    name: 'KmsAccessDenied',
  });
});
