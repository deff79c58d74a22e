import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { catalog as detections } from '../../detections/catalog';
import { catalog, guardrailProblems, managedPolicyLimits, packPolicies, serviceControlLimits } from '../../guardrails';
import { isKnownOperator } from '../../guardrails/evaluate/operators';
import type { ConfiguredGuardrail } from '../../guardrails/settings';
import { deny, type Statement } from '../../guardrails/statement';
import { responderOf } from '../../responders/catalog';
import { checkContent } from '../../sandbox/organizations/content';
import { configWith, everything, guardrailsWith } from './support';

const all = guardrailsWith(everything);
const statements = all.flatMap((guardrail) => guardrail.statements);

test('a guardrail is one file with its id as its name, and says what it is for', () => {
  expect(new Set(catalog.map(({ id }) => id)).size).toBe(catalog.length);
  for (const { id, title, prevents, exceptions } of catalog) {
    expect(existsSync(join(__dirname, '../../guardrails/catalog', `${id}.ts`))).toBe(true);
    expect([title, prevents, ...exceptions].every((text) => text.length > 10)).toBe(true);
  }
});

test('the detections and responders that it makes unnecessary exist', () => {
  const known = detections.map(({ id }) => id);
  const named = catalog.flatMap(({ makesUnnecessary }) => makesUnnecessary.detections);
  expect(named.filter((id) => !known.includes(id))).toEqual([]);
  const answering = catalog.flatMap(({ makesUnnecessary }) => makesUnnecessary.responders);
  expect(answering.filter((id) => responderOf(id) === undefined)).toEqual([]);
});

test('with all settings every guardrail is on, only denies, and uses what the evaluator knows', () => {
  expect(all.filter(({ off }) => off !== undefined).map(({ guardrail }) => guardrail.id)).toEqual([]);
  expect(statements.every(({ Effect }) => Effect === 'Deny')).toBe(true);
  const operators = statements.flatMap(({ Condition = {} }) => Object.keys(Condition));
  expect(operators.filter((name) => !isKnownOperator(name))).toEqual([]);
  // Sids are unique over all policies, and take no character that IAM refuses.
  const sids = statements.map(({ Sid }) => Sid);
  expect(new Set(sids).size).toBe(sids.length);
  expect(sids.every((sid) => /^[A-Za-z0-9]+$/.test(sid))).toBe(true);
});

test('what a principal is exempt from, it may not be turned into by others', () => {
  const keep = all.find(({ guardrail }) => guardrail.id === 'keep-garrison') as ConfiguredGuardrail;
  const roles = keep.statements.find(({ Sid }) => Sid === 'KeepRoles') as Statement;
  const exempted = statements.flatMap(({ Condition }) => Condition?.ArnNotLike?.['aws:PrincipalArn'] ?? []);
  expect(exempted.filter((arn) => !roles.Resource?.includes(arn))).toEqual([]);
});

test('`all` leaves out what needs a parameter, and nothing is on by default', () => {
  expect(guardrailsWith('').filter(({ off }) => off === undefined)).toEqual([]);
  const off = guardrailsWith('guardrails: {enabled: all, disabled: [keep-config]}').filter((one) => one.off);
  expect(off.map((one) => `${one.guardrail.id}: ${one.off}`)).toEqual([
    'keep-config: disabled',
    'listed-networks: needs networks or vpcs or vpcEndpoints',
    'approved-images: needs images or owners',
    'unused-regions: needs regions',
  ]);
});

test('images that the responder approves need not be listed twice, unless by what no policy can ask', () => {
  const images = (lines: string) =>
    guardrailsWith(`guardrails: {enabled: all}\nresponders: {images: ${lines}}`).find(
      ({ guardrail }) => guardrail.id === 'approved-images',
    );
  expect(images('{ids: [ami-0123456789abcdef0]}')?.settings).toEqual({
    images: ['ami-0123456789abcdef0'],
    owners: ['amazon'],
  });
  expect(images('{ids: [ami-0123456789abcdef0], tags: {golden: "yes"}}')?.off).toBe('needs images or owners');
  expect(images('{}')?.off).toBe('needs images or owners');
});

test('all mistakes of the section are told at once', () => {
  const config = configWith(`guardrails:
  enabled: [leave-organisation, approved-images]
  disabled: [nothing]
  exemptions: {keep-confg: ["arn:aws:iam::*:role/A"]}
  settings:
    approved-image: {images: []}
    root-user: {alowed: [s3:X], allowed: [everything]}
    listed-networks: {networks: [10.0.0.0/8, 0.0.0.0/0, 1.2.3.4/40]}
    unused-regions: {regions: [eu-west-1]}
`);
  expect(guardrailProblems(config).map(({ path, remedy }) => `${path.join('.')}: ${remedy}`)).toEqual([
    'enabled.0: Did you mean leave-organization?',
    'disabled.0: See `garrison guardrails list`.',
    'exemptions.keep-confg: Did you mean keep-config?',
    'settings.approved-image: Did you mean approved-images?',
    'settings.root-user.alowed: Did you mean allowed?',
    'settings.root-user.allowed.0: Give an action, such as s3:DeleteBucketPolicy.',
    'settings.listed-networks.networks: List the VPC (vpcs) or its endpoints (vpcEndpoints) instead.',
    'settings.listed-networks.networks: Leave listed-networks off, or give the networks that you mean.',
    'settings.listed-networks.networks: Give CIDR blocks, such as 198.51.100.0/24.',
    'enabled.1: Set it under guardrails.settings.approved-images.',
    'settings.unused-regions.regions: Add us-east-1: Garrison itself stands there.',
  ]);
});

test('nobody exempts everybody', () => {
  for (const arn of ['*', 'arn:aws:iam::*:role/*', 'arn:aws:iam::*:user/?*', 'arn:aws:iam::111122223333:root']) {
    expect(() => configWith(`guardrails: {exempt: ["${arn}"]}`)).toThrow('must be the ARN of roles or users');
  }
});

describe('packing', () => {
  test('all of it is two policies, which Organizations takes; the same every time', () => {
    const policies = packPolicies(all, serviceControlLimits);
    expect(policies.map(({ name }) => name)).toEqual(['garrison-guardrails-1', 'garrison-guardrails-2']);
    for (const { content } of policies) {
      expect(() => checkContent('SERVICE_CONTROL_POLICY', content)).not.toThrow();
    }
    expect(packPolicies(guardrailsWith(everything), serviceControlLimits)).toEqual(policies);
  });

  test('a guardrail that is off is not in it', () => {
    const [policy] = packPolicies(guardrailsWith('guardrails: {enabled: [leave-organization]}'), serviceControlLimits);
    expect(policy).toMatchObject({ name: 'garrison-guardrails-1', guardrails: ['leave-organization'] });
    expect(JSON.parse(policy?.content ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'LeaveOrganization',
          Effect: 'Deny',
          Action: ['account:CloseAccount', 'organizations:AcceptHandshake', 'organizations:LeaveOrganization'],
          Resource: '*',
        },
      ],
    });
  });

  test('whatever the lengths: no policy is too long, no action is lost, and none is added', () => {
    const action = fc.stringMatching(/^[a-z]{2,8}:[A-Z][a-z]{1,40}$/);
    const statement = fc.array(action, { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(statement, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 400, max: 3_000 }),
        (lists, characters) => {
          const guardrail = {
            ...(all[0] as ConfiguredGuardrail),
            statements: lists.map((actions, index) => deny(`S${index}`, actions)),
          };
          const policies = packPolicies([guardrail], { characters, attached: 10 });
          const packed = policies.flatMap(
            ({ content }) => (JSON.parse(content) as { Statement: { Action: string | string[] }[] }).Statement,
          );
          expect(policies.every(({ content }) => content.length <= characters)).toBe(true);
          expect(packed.flatMap(({ Action }) => Action).sort()).toEqual(
            guardrail.statements.flatMap(({ Action }) => Action ?? []).sort(),
          );
          return true;
        },
      ),
      { numRuns: 60 },
    );
  });

  test('what cannot be cut is refused with its name', () => {
    const networks = guardrailsWith(everything).filter(({ guardrail }) => guardrail.id === 'listed-networks');
    expect(() => packPolicies(networks, { characters: 300, attached: 1 })).toThrow(
      'listed-networks: a statement is longer',
    );
  });

  test('those that keep the guards fit into one permissions boundary', () => {
    const ids = 'leave-organization, keep-guardduty, keep-cloudtrail, keep-config, instance-metadata';
    const policies = packPolicies(guardrailsWith(`guardrails: {enabled: [${ids}]}`), managedPolicyLimits, {
      first: ['{"Sid":"Everything","Effect":"Allow","Action":"*","Resource":"*"}'],
    });
    expect(policies).toHaveLength(1);
  });
});
