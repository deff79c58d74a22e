import { GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { forEach } from '../../organization/cells';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import { AccountSessions, accountSession, type SessionCredentials } from '../../organization/sessions';
import { createSandbox, type RunningSandbox } from '../../sandbox';

const [securityId, memberId] = ['100000000002', '100000000011'] as const;
const regions = ['eu-west-1', 'us-east-1', 'ap-northeast-1'];
let sandbox: RunningSandbox;

const session = (accountId: string) =>
  accountSession(accountId, 'us-east-1', async () => ({ accessKeyId: accountId, secretAccessKey: 'any' }));

beforeAll(async () => {
  const accounts = ['100000000001', securityId, memberId].map((id) => ({ id, email: `aws+${id}@example.com` }));
  sandbox = await createSandbox({ accounts, anyKeyAccount: securityId, securityAccount: securityId });
  process.env.AWS_ENDPOINT_URL = sandbox.endpoint;
  const statement = (more: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] });
  const iam = (accountId: string) => session(accountId).client(IAMClient, 'us-east-1');
  await iam(memberId).send(
    new CreateRoleCommand({
      RoleName: 'GarrisonMember',
      AssumeRolePolicyDocument: statement({
        Principal: { AWS: `arn:aws:iam::${securityId}:root` },
        Action: 'sts:AssumeRole',
      }),
    }),
  );
  await iam(memberId).send(
    new PutRolePolicyCommand({
      RoleName: 'GarrisonMember',
      PolicyName: 'Read',
      PolicyDocument: statement({ Action: 'guardduty:ListDetectors', Resource: '*' }),
    }),
  );
});

afterAll(() => sandbox.close());
beforeEach(() => sandbox.clearCalls());

// With a key that the local organization knows: it lets others take on roles that do not exist.
const security = () => accountSession(securityId, 'us-east-1', async () => sandbox.security);

const members = (role: string) =>
  new AccountSessions(security(), (accountId) => `arn:aws:iam::${accountId}:role/${role}`);

test('an account is entered once for all its regions, however many ask at once', async () => {
  const member = members('GarrisonMember').of(memberId);
  await Promise.all(regions.map((region) => member.client(GuardDutyClient, region).send(new ListDetectorsCommand({}))));
  const { Arn } = await member.client(STSClient, 'eu-west-1').send(new GetCallerIdentityCommand({}));
  expect(Arn).toBe(`arn:aws:sts::${memberId}:assumed-role/GarrisonMember/garrison`);
  const assumed = sandbox.calls().filter(({ operation }) => operation === 'AssumeRole');
  expect(assumed).toMatchObject([{ count: 1, region: 'us-east-1', errors: 0 }]);
});

test('a role that cannot be assumed is named, with account, operation and what to do', async () => {
  const failure = await members('Missing')
    .of(memberId)
    .ready()
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(GarrisonError);
  expect(failure).toMatchObject({
    code: 'aws.AccessDenied',
    place: { accountId: memberId, operation: 'sts:AssumeRole' },
    remedy: expect.stringContaining(`arn:aws:iam::${memberId}:role/Missing`),
  });
});

test('a refusal is not kept: the next call asks again', async () => {
  const member = members('GarrisonMember').of(memberId);
  sandbox.faults.add({
    service: 'sts',
    operation: 'AssumeRole',
    kind: 'error',
    code: 'AccessDenied',
    status: 403,
    count: 1,
  });
  await expect(member.ready()).rejects.toMatchObject({ code: 'aws.AccessDenied' });
  await expect(member.ready()).resolves.toBeUndefined();
});

test('credentials are renewed before they end, and when AWS says that they have', async () => {
  let fetched = 0;
  const fetch = async (): Promise<SessionCredentials> => {
    fetched += 1;
    const expiration = new Date(Date.now() + (fetched === 1 ? 0 : 3_600_000));
    return { accessKeyId: memberId, secretAccessKey: 'any', expiration };
  };
  const client = accountSession(memberId, 'us-east-1', fetch).client(STSClient, 'us-east-1');
  const ask = () => client.send(new GetCallerIdentityCommand({}));
  await ask();
  await ask();
  await ask();
  expect(fetched).toBe(2);
  sandbox.faults.add({ service: 'sts', kind: 'error', code: 'ExpiredToken', status: 403, count: 1 });
  await ask();
  expect(fetched).toBe(3);
});

describe('work on many targets', () => {
  test('outcomes keep the order, and a failure stops nobody', async () => {
    const cells = regions.map((region) => ({ accountId: memberId, region }));
    const outcomes = await forEach(cells, 2, async ({ region }) => {
      if (region === 'us-east-1') {
        throw new Error('broken');
      }
      return region;
    });
    expect(outcomes.map(({ status, target }) => `${target.region} ${status}`)).toEqual([
      'eu-west-1 done',
      'us-east-1 failed',
      'ap-northeast-1 done',
    ]);
    expect(outcomes[1]).toMatchObject({ error: { place: { accountId: memberId, region: 'us-east-1' } } });
  });

  test('no more than asked for are under way', async () => {
    let [running, most] = [0, 0];
    await forEach(Array(20).fill({}), 4, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
    });
    expect(most).toBe(4);
  });
});

describe('what a failed call means', () => {
  const failure = (name: string, message: string, more: object = {}) =>
    Object.assign(new Error(message), { name, ...more });

  test.each([
    ['AccessDeniedException', 'with an explicit deny in a service control policy', /service control policy/],
    ['AccessDenied', 'is not authorized to perform: guardduty:X', /permission/],
    ['ThrottlingException', 'Rate exceeded', /operations\.concurrency/],
    ['ExpiredTokenException', 'The security token included in the request is expired', /Sign in again/],
    ['UnrecognizedClientException', 'The security token included in the request is invalid.', /opt-in region/],
    ['ValidationError', 'odd', /Run the command again/],
  ])('%s', (name, message, remedy) => {
    const explained = explain(failure(name, message), { accountId: memberId, region: 'eu-west-1', operation: 'x:Y' });
    expect(explained).toMatchObject({
      code: `aws.${name}`,
      remedy: expect.stringMatching(remedy),
      place: { operation: 'x:Y' },
    });
  });

  test('a connection that is refused is named by its cause', () => {
    const explained = explain(failure('Error', 'connect ECONNREFUSED', { code: 'ECONNREFUSED' }), {});
    expect(explained).toMatchObject({ code: 'aws.ECONNREFUSED', remedy: expect.stringMatching(/network/) });
  });
});
