import { decide, type Question } from '../../../sandbox/core/decision';

const statement = (Effect: string, Action: string, more: object = {}) => ({ Effect, Action, Resource: '*', ...more });
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const everything = policy(statement('Allow', '*'));
const resource = (Principal: unknown, more: object = {}) => policy(statement('Allow', 'sqs:*', { Principal, ...more }));

const base: Question = {
  principal: 'arn:aws:sts::111111111111:assumed-role/worker/session',
  action: 'sqs:SendMessage',
  resource: 'arn:aws:sqs:us-east-1:111111111111:queue',
  resourceAccountId: '111111111111',
  context: { 'aws:PrincipalOrgID': 'o-ours', 'aws:RequestedRegion': 'us-east-1' },
  identityPolicies: [everything],
  serviceControlPolicies: [],
  resourceControlPolicies: [],
};
const elsewhere: Partial<Question> = {
  resource: 'arn:aws:sqs:us-east-1:222222222222:queue',
  resourceAccountId: '222222222222',
};

const cases: [string, Partial<Question>, string, string?][] = [
  ['an administrator may', {}, 'Allowed'],
  ['nobody may without a policy', { identityPolicies: [] }, 'ImplicitlyDenied', 'identity-based policy'],
  [
    'a policy that is not JSON allows nothing',
    { identityPolicies: ['{'] },
    'ImplicitlyDenied',
    'identity-based policy',
  ],
  ['a boundary limits', { boundary: policy(statement('Allow', 's3:*')) }, 'ImplicitlyDenied', 'permissions boundary'],
  ['an empty boundary allows nothing', { boundary: '{}' }, 'ImplicitlyDenied', 'permissions boundary'],
  [
    'session policies limit',
    { sessionPolicies: [policy(statement('Allow', 's3:*'))] },
    'ImplicitlyDenied',
    'session policy',
  ],
  ['session policies add up', { sessionPolicies: [policy(statement('Allow', 's3:*')), everything] }, 'Allowed'],
  [
    'every level of the organization must allow',
    { serviceControlPolicies: [[everything], [policy(statement('Allow', 's3:*'))]] },
    'ImplicitlyDenied',
    'service control policy',
  ],
  [
    'one denial on any level is enough',
    { serviceControlPolicies: [[everything, policy(statement('Deny', 'sqs:*'))], [everything]] },
    'ExplicitlyDenied',
    'service control policy',
  ],
  [
    'a denial with a condition that does not hold is none',
    {
      serviceControlPolicies: [
        [
          everything,
          policy(statement('Deny', '*', { Condition: { StringNotEquals: { 'aws:RequestedRegion': ['us-east-1'] } } })),
        ],
      ],
    },
    'Allowed',
  ],
  [
    'resource control policies guard resources',
    { resourceControlPolicies: [[policy(statement('Deny', 'sqs:*', { Principal: '*' }))]] },
    'ExplicitlyDenied',
    'resource control policy',
  ],
  [
    'in one account the resource policy alone is enough',
    { identityPolicies: [], resourcePolicy: resource({ AWS: 'arn:aws:iam::111111111111:role/path/worker' }) },
    'Allowed',
  ],
  [
    'naming the account leaves it to the identity',
    { identityPolicies: [], resourcePolicy: resource({ AWS: '111111111111' }) },
    'ImplicitlyDenied',
    'identity-based policy',
  ],
  ['another account must allow too', elsewhere, 'ImplicitlyDenied', 'resource-based policy'],
  ['and when it does, one may', { ...elsewhere, resourcePolicy: resource({ AWS: '111111111111' }) }, 'Allowed'],
  [
    'but not without one’s own account',
    { ...elsewhere, identityPolicies: [], resourcePolicy: resource({ AWS: '111111111111' }) },
    'ImplicitlyDenied',
    'identity-based policy',
  ],
  [
    'everybody in the organization',
    {
      ...elsewhere,
      resourcePolicy: resource('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-ours' } } }),
    },
    'Allowed',
  ],
  [
    'nobody outside the organization',
    {
      ...elsewhere,
      resourcePolicy: resource('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-theirs' } } }),
    },
    'ImplicitlyDenied',
    'resource-based policy',
  ],
  [
    'a service needs the resource’s word',
    { principal: 'events.amazonaws.com' },
    'ImplicitlyDenied',
    'resource-based policy',
  ],
  [
    'and may with it',
    { principal: 'events.amazonaws.com', resourcePolicy: resource({ Service: 'events.amazonaws.com' }) },
    'Allowed',
  ],
  ['anybody may what is public', { principal: 'anonymous', resourcePolicy: resource('*') }, 'Allowed'],
  [
    'nobody unknown may the rest',
    { principal: 'anonymous', resourcePolicy: undefined },
    'ImplicitlyDenied',
    'resource-based policy',
  ],
];

test.each(cases.map(([what, change, ...decision]) => ({ what, change, decision })))('$what', ({ change, decision }) => {
  const [effect, because] = decision;
  expect(decide({ ...base, ...change })).toEqual(because ? { effect, because } : { effect });
});
