import fc from 'fast-check';
import { statementText } from '../../guardrails';
import { denies, missingKeys, type Request } from '../../guardrails/evaluate/evaluate';
import type { Conditions, Statement } from '../../guardrails/statement';
import { decide } from '../../sandbox/core/decision';

const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
const accountId = '100000000011';

/** What the local organization says when the statement is a service control policy and all else allows. */
function refused(statement: Statement, action: string, resource: string, context: Record<string, string>): boolean {
  const { effect } = decide({
    principal: context['aws:PrincipalArn'] ?? `arn:aws:iam::${accountId}:role/Nobody`,
    action,
    resource,
    resourceAccountId: accountId,
    context,
    identityPolicies: [everything],
    serviceControlPolicies: [[everything, `{"Version":"2012-10-17","Statement":${statementText(statement)}}`]],
    resourceControlPolicies: [],
  });
  return effect === 'ExplicitlyDenied';
}

const actions = ['s3:GetObject', 's3:PutObject', 'ec2:RunInstances', 'iam:CreateRole'];
const resources = [
  'arn:aws:s3:::logs',
  'arn:aws:s3:::logs/a/b',
  'arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0',
  `arn:aws:iam::${accountId}:role/garrison-x`,
  `arn:aws:iam::${accountId}:role/path/Garrison`,
];
const actionPatterns = [...actions, '*', 's3:*', 's3:get*', 'iam:?reateRole', 's3:*Object'];
const resourcePatterns = [
  ...resources,
  '*',
  'arn:aws:s3:::*',
  'arn:aws:iam::*:role/garrison-*',
  'arn:aws:ec2:*::image/*',
  'arn:aws:iam::*:role/*/Garrison',
  'arn:aws:s3:::logs/?/b',
];

/** Keys with values of their kind, and what policies compare them with. */
const keys: Readonly<
  Record<string, { given: readonly string[]; wanted: readonly string[]; operators: readonly string[] }>
> = {
  'aws:PrincipalArn': {
    given: [
      `arn:aws:iam::${accountId}:role/Admin`,
      `arn:aws:iam::${accountId}:role/a/Admin`,
      `arn:aws:iam::${accountId}:root`,
    ],
    wanted: [
      'arn:aws:iam::*:role/Admin',
      'arn:aws:iam::*:role/*',
      'arn:aws:iam::*:root',
      `arn:aws:iam::${accountId}:role/A?min`,
    ],
    operators: ['ArnLike', 'ArnNotLike', 'ArnEquals', 'ArnNotEquals', 'StringLike', 'StringNotLike'],
  },
  'aws:RequestedRegion': {
    given: ['us-east-1', 'eu-west-1'],
    wanted: ['us-east-1', 'eu-*', 'EU-WEST-1'],
    operators: [
      'StringEquals',
      'StringNotEquals',
      'StringLike',
      'StringNotLike',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
    ],
  },
  'aws:SourceIp': {
    given: ['198.51.100.7', '203.0.113.9', '2001:db8::1'],
    wanted: ['198.51.100.0/24', '203.0.113.9/32', '2001:db8::/32'],
    operators: ['IpAddress', 'NotIpAddress'],
  },
  'aws:ViaAWSService': { given: ['true', 'false'], wanted: ['true', 'false'], operators: ['Bool'] },
  'ec2:RoleDelivery': {
    given: ['1.0', '2.0'],
    wanted: ['1', '2.0', '1.5'],
    operators: [
      'NumericLessThan',
      'NumericLessThanEquals',
      'NumericGreaterThan',
      'NumericGreaterThanEquals',
      'NumericEquals',
      'NumericNotEquals',
    ],
  },
};

const some = (values: readonly string[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: Math.min(3, values.length) });

const condition = fc.constantFrom(...Object.keys(keys)).chain((key) => {
  const { wanted, operators } = keys[key] as (typeof keys)[string];
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .tuple(fc.constantFrom(...operators), fc.constantFrom('', 'IfExists'), some(wanted))
        .map(([operator, suffix, values]) => ({ [operator + suffix]: { [key]: values } })),
    },
    { weight: 1, arbitrary: fc.constantFrom('true', 'false').map((value) => ({ Null: { [key]: [value] } })) },
  );
});

const statements: fc.Arbitrary<Statement> = fc
  .record({
    actions: some(actionPatterns),
    not: fc.boolean(),
    resources: some(resourcePatterns),
    notResource: fc.boolean(),
    conditions: fc.array(condition, { maxLength: 3 }),
  })
  .map((parts) => ({
    Sid: 'S',
    Effect: 'Deny',
    ...(parts.not ? { NotAction: parts.actions } : { Action: parts.actions }),
    ...(parts.notResource ? { NotResource: parts.resources } : { Resource: parts.resources }),
    Condition: merged(parts.conditions),
  }));

function merged(conditions: readonly Conditions[]): Conditions {
  const whole: Record<string, Record<string, readonly string[]>> = {};
  for (const [operator, values] of conditions.flatMap(Object.entries)) {
    whole[operator] = { ...whole[operator], ...(values as Record<string, readonly string[]>) };
  }
  return whole;
}

const contexts = fc.record(
  Object.fromEntries(Object.entries(keys).map(([key, { given }]) => [key, fc.constantFrom(...given)])),
  { requiredKeys: ['aws:PrincipalArn'] },
);

const requestOf = (
  action: string,
  resource: string,
  context: Readonly<Record<string, string | undefined>>,
): Request => ({
  action,
  resources: [resource],
  context: (key) => {
    const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
    return found === undefined ? undefined : [found];
  },
});

test('where all is known it decides as the local organization does', () => {
  let denied = 0;
  fc.assert(
    fc.property(
      statements,
      fc.constantFrom(...actions),
      fc.constantFrom(...resources),
      contexts,
      (statement, action, resource, context) => {
        const verdict = denies(statement, requestOf(action, resource, context));
        denied += verdict === 'yes' ? 1 : 0;
        expect(verdict).toBe(refused(statement, action, resource, context as Record<string, string>) ? 'yes' : 'no');
      },
    ),
    { numRuns: 1_500 },
  );
  expect(denied).toBeGreaterThan(60);
});

test('what is unknown is never guessed: whatever it turns out to be, yes stays yes and no stays no', () => {
  fc.assert(
    fc.property(
      statements,
      fc.constantFrom(...actions),
      fc.constantFrom(...resources),
      contexts,
      fc.subarray(Object.keys(keys)),
      (statement, action, resource, context, hidden) => {
        const whole = requestOf(action, resource, context);
        const partly: Request = { ...whole, context: (key) => (hidden.includes(key) ? 'unknown' : whole.context(key)) };
        const verdict = denies(statement, partly);
        if (verdict === 'unknown') {
          expect(missingKeys(statement, partly).length).toBeGreaterThan(0);
        } else {
          expect(denies(statement, whole)).toBe(verdict);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a resource that the log does not name leaves it open, unless every resource is meant', () => {
  const statement: Statement = { Sid: 'S', Effect: 'Deny', Action: ['s3:*'], Resource: ['arn:aws:s3:::logs'] };
  const request = { ...requestOf('s3:DeleteBucket', '', {}), resources: 'unknown' as const };
  expect(denies(statement, request)).toBe('unknown');
  expect(denies({ ...statement, Resource: ['*'] }, request)).toBe('yes');
  expect(denies(statement, { ...request, action: 'ec2:RunInstances' })).toBe('no');
});

test('variables of the request stand for its values, and for nothing when it has none', () => {
  const statement: Statement = {
    Sid: 'S',
    Effect: 'Deny',
    Action: ['*'],
    Resource: ['*'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM's.
    Condition: { StringNotEquals: { 'ec2:Owner': ['${aws:PrincipalAccount}'] } },
  };
  const owned = (owner: string, account?: string) =>
    denies(statement, requestOf('ec2:RunInstances', '*', { 'ec2:Owner': owner, 'aws:PrincipalAccount': account }));
  expect(owned(accountId, accountId)).toBe('no');
  expect(owned('100000000012', accountId)).toBe('yes');
  expect(owned(accountId)).toBe('yes');
});
