// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so do templates write variables.
import { conformProperties } from '../../../sandbox/cloudformation/resources/schema';
import { checkCapabilities } from '../../../sandbox/cloudformation/template/capabilities';
import { evaluate } from '../../../sandbox/cloudformation/template/evaluate';
import type { Value } from '../../../sandbox/cloudformation/template/model';
import { resolveParameters } from '../../../sandbox/cloudformation/template/parameters';
import { readTemplate } from '../../../sandbox/cloudformation/template/read';
import { dependencyGraph } from '../../../sandbox/cloudformation/template/references';
import { isWanted, scopeOf } from '../../../sandbox/cloudformation/template/scope';
import { expandTemplate } from '../../../sandbox/cloudformation/transforms/expand';
import type { CallContext } from '../../../sandbox/core/service';

const queue = { Type: 'AWS::SQS::Queue' };
const place = {
  partition: 'aws',
  accountId: '111111111111',
  region: 'eu-west-1',
  stackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/s/1',
  stackName: 's',
};

async function scopeFor(template: object, values: Record<string, string> = {}) {
  const read = readTemplate(JSON.stringify({ Resources: { Q: queue }, ...template }));
  const given = Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  const parameters = await resolveParameters(read, given, undefined, async (name) =>
    name === '/known' ? 'stored' : undefined,
  );
  return scopeOf(read, parameters, place, {
    resource: (id) =>
      id === 'Q' ? { reference: 'the-queue', attribute: (name) => (name === 'Arn' ? 'arn:q' : undefined) } : undefined,
    importValue: (name) => `imported ${name}`,
  });
}

function refused(template: object | string): string {
  try {
    readTemplate(typeof template === 'string' ? template : JSON.stringify(template));
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('functions', () => {
  const template = {
    Parameters: {
      Name: { Type: 'String', Default: 'x' },
      Names: { Type: 'CommaDelimitedList', Default: 'a, b ,c' },
      Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/known' },
    },
    Mappings: { M: { 'eu-west-1': { size: 3, list: ['p', 'q'] } } },
    Conditions: { Yes: { 'Fn::Equals': [{ Ref: 'Name' }, 'x'] }, No: { 'Fn::Not': [{ Condition: 'Yes' }] } },
  };
  const cases: [string, Value, Value][] = [
    ['Ref of a parameter', { Ref: 'Name' }, 'x'],
    ['Ref of a list', { Ref: 'Names' }, ['a', 'b', 'c']],
    ['Ref of a stored parameter', { Ref: 'Stored' }, 'stored'],
    ['Ref of a resource', { Ref: 'Q' }, 'the-queue'],
    [
      'pseudo parameters',
      { 'Fn::Join': ['/', [{ Ref: 'AWS::Region' }, { Ref: 'AWS::URLSuffix' }]] },
      'eu-west-1/amazonaws.com',
    ],
    ['GetAtt as text', { 'Fn::GetAtt': 'Q.Arn' }, 'arn:q'],
    [
      'Sub',
      { 'Fn::Sub': '${Name}-${Q}-${Q.Arn}-${!Literal}-${AWS::AccountId}' },
      'x-the-queue-arn:q-${Literal}-111111111111',
    ],
    ['Sub with values of its own', { 'Fn::Sub': ['${Own}.${Name}', { Own: { Ref: 'Q' } }] }, 'the-queue.x'],
    ['Select and Split', { 'Fn::Select': ['1', { 'Fn::Split': ['|', 'a|b|c'] }] }, 'b'],
    ['FindInMap', { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'list'] }, ['p', 'q']],
    ['If', { 'Fn::If': ['No', 'then', 'else'] }, 'else'],
    ['If without a value', { a: { 'Fn::If': ['Yes', { Ref: 'AWS::NoValue' }, 1] }, b: 2 }, { b: 2 }],
    ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    ['Cidr', { 'Fn::Cidr': ['10.0.0.0/24', 3, 5] }, ['10.0.0.0/27', '10.0.0.32/27', '10.0.0.64/27']],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${Name}-out' } }, 'imported x-out'],
    ['GetAZs', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    [
      'objects that only look like a policy',
      { Condition: { StringEquals: { a: 'b' } } },
      { Condition: { StringEquals: { a: 'b' } } },
    ],
  ];
  test.each(cases)('%s', async (_, value, expected) => {
    expect(evaluate(value, await scopeFor(template))).toEqual(expected);
  });

  const failures: [string, Value, string][] = [
    [
      'a missing mapping',
      { 'Fn::FindInMap': ['M', 'nowhere', 'size'] },
      'Template error: Unable to get mapping for M::nowhere::size',
    ],
    [
      'an index too far',
      { 'Fn::Select': [9, { 'Fn::Split': [',', 'a'] }] },
      'Template error: Fn::Select cannot select nonexistent value at index 9',
    ],
    ['a bad Join', { 'Fn::Join': ['a'] }, 'Template error: every Fn::Join object requires two parameters'],
    [
      'an unknown attribute',
      { 'Fn::GetAtt': ['Q', 'Color'] },
      'Template error: resource Q does not support attribute type Color in Fn::GetAtt',
    ],
  ];
  test.each(failures)('%s is refused', async (_, value, message) => {
    const scope = await scopeFor(template);
    expect(() => evaluate(value, scope)).toThrow(message);
  });
});

test('YAML short forms mean the same as JSON', () => {
  const yaml = [
    'Parameters: {Account: {Type: String, Default: 012345678901}}',
    'Conditions: {Prod: !Equals [!Ref Account, "1"]}',
    'Resources:',
    '  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${Account}-q", DelaySeconds: 5}}',
    '  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt Q.Arn, TopicName: !If [Prod, !Ref "AWS::NoValue", !Join ["-", [a, b]]]}}',
  ].join('\n');
  const { resources, parameters } = readTemplate(yaml);
  expect(parameters.get('Account')?.defaultValue).toBe('012345678901');
  expect(resources.get('Q')?.properties).toEqual({ QueueName: { 'Fn::Sub': '${Account}-q' }, DelaySeconds: 5 });
  expect(resources.get('T')?.properties).toEqual({
    DisplayName: { 'Fn::GetAtt': ['Q', 'Arn'] },
    TopicName: { 'Fn::If': ['Prod', { Ref: 'AWS::NoValue' }, { 'Fn::Join': ['-', ['a', 'b']] }] },
  });
  expect([...(dependencyGraph(readTemplate(yaml)).get('T') ?? [])]).toEqual(['Q']);
});

test('what is wrong with a template is said in the words of CloudFormation', () => {
  const one = (properties: object, more: object = {}) => ({
    Resources: { A: { ...queue, Properties: properties, ...more } },
  });
  expect(refused('{"Resources": ')).toMatch(/^Template format error: JSON not well-formed\. \(line 1, column \d+\)$/);
  expect(refused('a: [')).toMatch(/^Template format error: YAML not well-formed\. \(line \d+, column \d+\)$/);
  expect(refused('just text')).toBe('Template format error: unsupported structure.');
  expect(refused({})).toBe('Template format error: At least one Resources member must be defined.');
  expect(refused({ Resources: { A: {} } })).toBe(
    'Template format error: [/Resources/A] Every Resources object must contain a Type member.',
  );
  expect(refused({ ...one({}), Extra: 1 })).toBe('Invalid template property or properties [Extra]');
  expect(refused(one({}, { Prop: 1 }))).toBe("Invalid template resource property 'Prop'");
  expect(refused(one({ QueueName: { Ref: 'B' } }))).toBe(
    'Template format error: Unresolved resource dependencies [B] in the Resources block of the template',
  );
  expect(refused({ ...one({}), Outputs: { O: { Value: { Ref: 'B' } } } })).toBe(
    'Template format error: Unresolved resource dependencies [B] in the Outputs block of the template',
  );
  expect(refused(one({ QueueName: { 'Fn::GetAtt': ['B', 'Arn'] } }))).toBe(
    'Template error: instance of Fn::GetAtt references undefined resource B',
  );
  expect(refused(one({}, { Condition: 'C' }))).toBe(
    'Template format error: Unresolved condition dependency C in the Resources block of the template',
  );
  expect(refused({ ...one({}), Conditions: { C: { 'Fn::Equals': [{ Ref: 'A' }, ''] } } })).toBe(
    'Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template',
  );
  expect(refused(one({ QueueName: { 'Fn::Foo': 1 } }))).toMatch(
    /^Template error: Encountered unsupported function: Fn::Foo/,
  );
  expect(refused({ ...one({}), Parameters: { P: { Type: 'Text' } } })).toBe(
    'Template format error: Unrecognized parameter type: Text',
  );
  expect(refused({ ...one({ Count: { 'Fn::Length': [] } }) })).toMatch(/unsupported function: Fn::Length/);
  expect(refused('Resources: {A: &x {Type: T}, B: *x}')).toMatch(/YAML aliases are not allowed/);
});

test('circular dependencies are named, and only what lies on the circle', () => {
  const Resources = {
    A: { ...queue, DependsOn: 'B' },
    B: { ...queue, Properties: { QueueName: { 'Fn::Sub': '${C.Arn}' } } },
    C: { ...queue, DependsOn: ['A', 'D'] },
    D: queue,
    E: { ...queue, DependsOn: 'A' },
  };
  expect(refused({ Resources })).toBe('Circular dependency between resources: [A, B, C]');
});

test('more than 500 resources are too many', () => {
  const Resources = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`Q${index}`, queue]));
  expect(refused({ Resources })).toBe(
    'Template format error: Number of resources, 501, is greater than maximum allowed, 500',
  );
});

describe('parameters', () => {
  const refusal = (definition: object, value?: string) =>
    scopeFor({ Parameters: { P: definition } }, value === undefined ? {} : { P: value }).then(
      () => 'accepted',
      (error: Error) => error.message,
    );
  const cases: [object, string | undefined, string][] = [
    [{ Type: 'String' }, undefined, 'Parameters: [P] must have values'],
    [{ Type: 'String', AllowedValues: ['a'] }, 'b', "Parameter 'P' must be one of AllowedValues"],
    [{ Type: 'String', AllowedPattern: '[a-z]+' }, 'a1', "Parameter 'P' must match pattern [a-z]+"],
    [{ Type: 'String', MinLength: 3 }, 'ab', "Parameter 'P' must contain at least 3 characters"],
    [{ Type: 'Number' }, 'x', "Parameter 'P' must be a number."],
    [{ Type: 'Number', MaxValue: '5' }, '6', "Parameter 'P' must be a number not greater than 5"],
    [{ Type: 'List<Number>' }, '1,b', "Parameter 'P' must be a number."],
    [
      { Type: 'String', MaxLength: 1, ConstraintDescription: 'one letter' },
      'ab',
      "Parameter 'P' failed to satisfy constraint: one letter",
    ],
    [
      { Type: 'AWS::SSM::Parameter::Value<String>' },
      '/none',
      'Unable to fetch parameters [/none] from parameter store for this account.',
    ],
    [{ Type: 'String', MinLength: 2 }, 'ab', 'accepted'],
  ];
  test.each(cases)('%j with %s', async (definition, value, message) => {
    expect(await refusal(definition, value)).toBe(message);
  });

  test('unknown ones are refused', async () => {
    await expect(scopeFor({}, { Nobody: '1' })).rejects.toThrow('Parameters: [Nobody] do not exist in the template');
  });
});

test('rules hold the parameters to each other', async () => {
  const template = {
    Parameters: { Size: { Type: 'String' }, Stage: { Type: 'String' } },
    Rules: {
      Big: {
        RuleCondition: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
        Assertions: [
          { Assert: { 'Fn::Contains': [['l', 'xl'], { Ref: 'Size' }] }, AssertDescription: 'prod is large' },
        ],
      },
    },
  };
  await expect(scopeFor(template, { Size: 's', Stage: 'prod' })).rejects.toThrow('prod is large');
  await expect(scopeFor(template, { Size: 's', Stage: 'test' })).resolves.toBeDefined();
});

test('conditions decide which resources and outputs are wanted', async () => {
  const scope = await scopeFor({
    Parameters: { Stage: { Type: 'String', Default: 'test' } },
    Conditions: {
      Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      Either: { 'Fn::Or': [{ Condition: 'Prod' }, { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] }] },
    },
  });
  expect(isWanted({ condition: 'Prod' }, scope)).toBe(false);
  expect(isWanted({ condition: 'Either' }, scope)).toBe(true);
  expect(isWanted({}, scope)).toBe(true);
});

test('properties take the types of the schema, and what does not fit is said with its path', () => {
  expect(conformProperties('AWS::SQS::Queue', { DelaySeconds: '5', FifoQueue: 'true', QueueName: 7 })).toEqual({
    DelaySeconds: 5,
    FifoQueue: true,
    QueueName: '7',
  });
  expect(() => conformProperties('AWS::SQS::Queue', { DelaySeconds: 'soon', Color: 'red' })).toThrow(
    'Property validation failure: [Value of property {/DelaySeconds} does not match type {Integer}, ' +
      'Encountered unsupported properties in {/}: [Color]]',
  );
  expect(() => conformProperties('AWS::IAM::Role', {})).toThrow(
    'Property validation failure: [The property {/AssumeRolePolicyDocument} is required]',
  );
});

test('IAM resources have to be acknowledged', () => {
  const role = (properties: object) =>
    readTemplate(JSON.stringify({ Resources: { R: { Type: 'AWS::IAM::Role', Properties: properties } } }));
  expect(() => checkCapabilities(role({}), [])).toThrow('Requires capabilities : [CAPABILITY_IAM]');
  expect(() => checkCapabilities(role({}), ['CAPABILITY_IAM'])).not.toThrow();
  expect(() => checkCapabilities(role({ RoleName: 'x' }), ['CAPABILITY_IAM'])).toThrow(
    'Requires capabilities : [CAPABILITY_NAMED_IAM]',
  );
});

describe('the language extensions', () => {
  async function extended(template: object, values: Record<string, Value> = {}) {
    const written = readTemplate(JSON.stringify({ Transform: 'AWS::LanguageExtensions', ...template }));
    return expandTemplate(written, {
      context: { caller: {} } as CallContext,
      parameters: new Map(Object.entries(values)),
      macro: () => undefined,
    });
  }

  test('unroll loops, inner ones with their outer ones', async () => {
    const Resources = {
      'Fn::ForEach::Queues': [
        'Name',
        { Ref: 'Names' },
        {
          'Queue&{Name}': {
            ...queue,
            Properties: { QueueName: { 'Fn::Sub': '${Name}-queue' }, Tags: { Ref: 'Name' } },
          },
        },
      ],
    };
    const Outputs = {
      'Fn::ForEach::Outer': [
        'X',
        ['A', 'B'],
        { 'Fn::ForEach::Inner': ['Y', ['1', '2'], { 'Out${X}${Y}': { Value: '${X}.${Y}' } }] },
      ],
    };
    const Parameters = { Names: { Type: 'CommaDelimitedList' } };
    const { root } = await extended({ Parameters, Resources, Outputs }, { Names: ['eu-1', 'us-2'] });
    expect(root.Resources).toEqual({
      Queueeu1: { ...queue, Properties: { QueueName: 'eu-1-queue', Tags: 'eu-1' } },
      Queueus2: { ...queue, Properties: { QueueName: 'us-2-queue', Tags: 'us-2' } },
    });
    expect(root.Outputs).toMatchObject({ OutA1: { Value: 'A.1' }, OutB2: { Value: 'B.2' } });
  });

  test('compute what parameters tell and leave what only a deployment knows', async () => {
    const { resources } = await extended(
      {
        Parameters: { Names: { Type: 'CommaDelimitedList' }, Policy: { Type: 'String' } },
        Mappings: { Sizes: { a: { x: '1' } } },
        Resources: {
          First: queue,
          Second: {
            ...queue,
            DeletionPolicy: { Ref: 'Policy' },
            Properties: {
              Count: { 'Fn::Length': { Ref: 'Names' } },
              Text: { 'Fn::ToJsonString': { names: { Ref: 'Names' } } },
              Later: { 'Fn::ToJsonString': { arn: { 'Fn::GetAtt': ['First', 'Arn'] } } },
              Size: { 'Fn::FindInMap': ['Sizes', 'b', 'x', { DefaultValue: '7' }] },
            },
          },
        },
      },
      { Names: ['p', 'q'], Policy: 'Retain' },
    );
    expect(resources.get('Second')).toMatchObject({
      deletionPolicy: 'Retain',
      properties: {
        Count: 2,
        Text: '{"names":["p","q"]}',
        Later: { 'Fn::ToJsonString': { arn: { 'Fn::GetAtt': ['First', 'Arn'] } } },
        Size: '7',
      },
    });
  });
});
