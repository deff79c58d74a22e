import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAccounts } from '../../organization/accountsFile';
import { parseConfig } from '../../organization/config';
import { modelOf } from '../../stacks/readModel';
import { appOf, type RoleResource, resourcesOf, rolesOf, templateOf } from '../stacks/templates';
import { configWith, modelWith } from './model';

process.env.JSII_DEPRECATED = 'quiet';

const both = appOf(modelWith('  botConcurrency: 7'));
const template = templateOf(both, 'garrison-security');

const actionsOf = (role: RoleResource['Properties'] | undefined) =>
  (role?.Policies ?? []).flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.flatMap(({ Action }) => [Action].flat()),
  );

test('the URL is open, behind a brake, and its address is an output of the stack', () => {
  expect(resourcesOf(template, 'AWS::Lambda::Url')).toMatchObject([{ AuthType: 'NONE' }]);
  const permissions = resourcesOf(template, 'AWS::Lambda::Permission').map(({ Action, Principal }) => [
    Action,
    Principal,
  ]);
  expect(permissions).toEqual([
    ['lambda:InvokeFunctionUrl', '*'],
    ['lambda:InvokeFunction', '*'],
  ]);
  const bot = resourcesOf(template, 'AWS::Lambda::Function').find(
    ({ FunctionName }) => FunctionName === 'garrison-bot',
  );
  expect(bot).toMatchObject({ ReservedConcurrentExecutions: 7, Handler: 'index.handler', Timeout: 10 });
  expect(Object.keys((template as unknown as { Outputs: object }).Outputs)).toContain('SlackRequestUrl');
});

test('the function behind the URL reads no queue, and writes nothing down but what it has seen', () => {
  const actions = actionsOf(rolesOf(template).get('garrison-bot'));
  expect(actions.filter((action) => action.startsWith('dynamodb:') || action.startsWith('sqs:')).sort()).toEqual([
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'sqs:SendMessage',
  ]);
  const writes = rolesOf(template)
    .get('garrison-bot')
    ?.Policies?.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Action }) => [Action].flat().includes('dynamodb:PutItem'));
  expect(JSON.stringify(writes)).toContain('table/garrison-bot"');
  expect(JSON.stringify(writes)).not.toContain('garrison-attestation');
});

test('of Bolt, the bundle holds what is used, and no secret', () => {
  const folder =
    readdirSync(both.outdir).find((name) => readdirSyncSafe(join(both.outdir, name)).includes('worker.js')) ?? '';
  const size = (name: string) => statSync(join(both.outdir, folder, name)).size;
  expect(size('index.js')).toBeLessThan(260_000);
  expect(size('worker.js')).toBeLessThan(160_000);
  const settings = JSON.parse(readFileSync(join(both.outdir, folder, 'settings.json'), 'utf8'));
  expect(settings.slack).toMatchObject({
    signingSecret: { kind: 'parameter', name: '/garrison/slack/signing-secret' },
    apiUrl: 'https://slack.com/api',
  });
});

test('where responders alone ask, there is the function, and nothing of the attestation', () => {
  const responders = `responders:
  enabled: [opened-security-group]
  enforce: [{ responders: [opened-security-group], strategy: revoke, accounts: ["100000000003"], approval: true }]
`;
  const yaml = configWith('', responders).replace('attestation:\n  enabled: true', 'attestation:\n  enabled: false');
  const alone = modelOf(parseConfig(yaml), parseAccounts('accountId,email\n100000000003,aws@example.com\n'));
  const { settings, reservedConcurrency } = alone.botModel ?? {};
  expect([settings?.attestation, reservedConcurrency]).toEqual([undefined, 10]);
  expect(settings?.responsesQueueUrl).toMatch(/\/garrison-responses$/);
  const own = templateOf(appOf(alone), 'garrison-security');
  expect([...rolesOf(own).keys()]).toContain('garrison-bot');
  expect(JSON.stringify(own)).not.toMatch(/garrison-bot-worker|garrison-bot-dead-letter|table\/garrison-attestation/);
});

function readdirSyncSafe(path: string): string[] {
  return statSync(path).isDirectory() ? readdirSync(path) : [];
}
