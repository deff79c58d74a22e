import {
  AccountClient,
  DisableRegionCommand,
  EnableRegionCommand,
  GetAccountInformationCommand,
  GetAlternateContactCommand,
  GetRegionOptStatusCommand,
  ListRegionsCommand,
  PutAccountNameCommand,
  PutAlternateContactCommand,
} from '@aws-sdk/client-account';
import { EnableAWSServiceAccessCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

const [management, member] = ['100000000001', '100000000002'];
let sandbox: RunningSandbox;
let account: AccountClient;
let memberAccount: AccountClient;

beforeAll(async () => {
  const accounts = [
    { id: management as string, email: 'root+1@example.com' },
    { id: member as string, email: 'root+2@example.com', name: 'member', optedOutRegions: ['eu-west-3'] },
  ];
  sandbox = await createSandbox({ accounts, securityAccount: member });
  account = new AccountClient(config(sandbox.management));
  memberAccount = new AccountClient(config(sandbox.security));
});
afterAll(() => sandbox.close());

const config = (credentials: object) => ({
  endpoint: sandbox.endpoint,
  region: 'us-east-1',
  credentials: credentials as never,
});

const trust = () =>
  new OrganizationsClient(config(sandbox.management)).send(
    new EnableAWSServiceAccessCommand({ ServicePrincipal: 'account.amazonaws.com' }),
  );

test('regions are listed with their status, and filtered by it', async () => {
  const { Regions = [] } = await memberAccount.send(new ListRegionsCommand({}));
  const status = Object.fromEntries(Regions.map(({ RegionName, RegionOptStatus }) => [RegionName, RegionOptStatus]));
  expect(status).toMatchObject({
    'us-east-1': 'ENABLED_BY_DEFAULT',
    'af-south-1': 'DISABLED',
    'eu-west-3': 'DISABLED',
  });
  const enabled = await memberAccount.send(
    new ListRegionsCommand({ RegionOptStatusContains: ['ENABLED_BY_DEFAULT'], MaxResults: 5 }),
  );
  expect(enabled.Regions).toHaveLength(5);
  expect(enabled.NextToken).toBeDefined();
});

test('a region is on its way before it is enabled', async () => {
  const region = { RegionName: 'af-south-1' };
  const status = async () => (await memberAccount.send(new GetRegionOptStatusCommand(region))).RegionOptStatus;
  await memberAccount.send(new EnableRegionCommand(region));
  expect(await status()).toBe('ENABLING');
  await expect(memberAccount.send(new DisableRegionCommand(region))).rejects.toMatchObject({
    name: 'ConflictException',
  });
  await sandbox.world.idle();
  expect(await status()).toBe('ENABLED');
  await expect(memberAccount.send(new DisableRegionCommand({ RegionName: 'us-east-1' }))).rejects.toMatchObject({
    name: 'ValidationException',
    reason: 'invalidRegionOptTarget',
  });
});

test('the management account speaks for members once it has trusted access, never for itself by its number', async () => {
  const ask = (AccountId?: string) => account.send(new GetAccountInformationCommand({ AccountId }));
  await expect(ask(member)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('must first enable trusted access with AWS Account Management'),
  });
  await trust();
  expect(await ask(member)).toMatchObject({ AccountId: member, AccountName: 'member' });
  await account.send(new PutAccountNameCommand({ AccountId: member, AccountName: 'renamed' }));
  expect(await memberAccount.send(new GetAccountInformationCommand({}))).toMatchObject({ AccountName: 'renamed' });
  await expect(ask(management)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(memberAccount.send(new GetAccountInformationCommand({ AccountId: management }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

test('an alternate contact is there after it was put', async () => {
  const type = { AlternateContactType: 'SECURITY' as const };
  await expect(memberAccount.send(new GetAlternateContactCommand(type))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'No contact of the inputted alternate contact type found.',
  });
  const contact = { ...type, Name: 'A', Title: 'B', EmailAddress: 'a@example.com', PhoneNumber: '+1 555 0100' };
  await memberAccount.send(new PutAlternateContactCommand(contact));
  expect((await memberAccount.send(new GetAlternateContactCommand(type))).AlternateContact).toEqual(contact);
});
