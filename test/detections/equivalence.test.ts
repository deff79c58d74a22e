import fc from 'fast-check';
import { catalog } from '../../detections/catalog';
import type { Condition } from '../../detections/condition';
import { allEngines, type EngineName, engineNames } from '../../detections/engines';
import type { CloudTrailRecord } from '../../detections/record';
import { underTrial } from '../../detections/trial';
import { everyRecord } from './support';

const compiled = catalog.map((detection) => {
  const configured = underTrial(detection);
  return { id: detection.id, condition: configured.condition, engines: allEngines(configured) };
});

/** Engines that disagree with the matcher on a record. */
function disagreement({ engines }: (typeof compiled)[number], record: CloudTrailRecord): EngineName[] {
  const run = engines.matcher;
  const expected = 'refused' in run ? undefined : run(record);
  return engineNames.filter((name) => {
    const engine = engines[name];
    return !('refused' in engine) && engine(record) !== expected;
  });
}

test.each(compiled)('every engine agrees on $id for every record', (one) => {
  const different = everyRecord.flatMap(({ source, record }) =>
    disagreement(one, record).map((name) => `${name}: ${source}`),
  );
  expect(different).toEqual([]);
});

test.each(compiled)('every engine agrees on $id for records made to satisfy parts of it', (one) => {
  fc.assert(
    fc.property(recordFor(one.condition), (record) => {
      expect(disagreement(one, record)).toEqual([]);
    }),
    { numRuns: 80, seed: 6 },
  );
});

/** Records in which each field that a condition names has a value of interest, another one, or none. */
function recordFor(condition: Condition): fc.Arbitrary<CloudTrailRecord> {
  const parts = leaves(condition, '').map(({ path, values }) =>
    fc.option(fc.constantFrom(...values), { nil: undefined, freq: 6 }).map((value) => ({ path, value })),
  );
  return fc.tuple(...parts).map((fields) => {
    const record: Record<string, unknown> = { eventTime: '2026-11-20T09:30:00Z', eventID: 'x' };
    for (const { path, value } of fields) {
      put(record, path.split('.'), value);
    }
    return record;
  });
}

interface Leaf {
  readonly path: string;
  readonly values: readonly unknown[];
}

function leaves(condition: Condition, prefix: string): Leaf[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap((member) => leaves(member, prefix));
    case 'element':
      return leaves(condition.condition, `${prefix}${condition.field}.`);
    case 'is':
    case 'isNot':
    case 'differs':
      return [{ path: `${prefix}${condition.field}`, values: [...condition.values, otherLike(condition.values[0])] }];
    case 'like':
      return [
        {
          path: `${prefix}${condition.field}`,
          values: [...condition.patterns.map((one) => one.replaceAll('*', 'arn:aws:iam::1:x')), 'other'],
        },
      ];
    case 'absent':
      return [{ path: `${prefix}${condition.field}`, values: ['AccessDenied', '', null] }];
    case 'outside':
      return [
        {
          path: `${prefix}${condition.field}`,
          values: [
            '203.0.113.9',
            '10.20.30.40',
            '198.51.100.1',
            '2001:db8::7',
            '2801:200::1',
            'AWS Internal',
            'a.amazonaws.com',
          ],
        },
      ];
  }
}

function otherLike(value: unknown): unknown {
  return typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : 'something else';
}

function put(record: Record<string, unknown>, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    if (value !== undefined) {
      record[step] = value;
    }
    return;
  }
  if (typeof record[step] !== 'object' || record[step] === null) {
    record[step] = {};
  }
  put(record[step] as Record<string, unknown>, rest, value);
}

test('the number of attack techniques seen in the recorded attack is told', () => {
  const fired = new Set(
    compiled.flatMap(({ id, engines }) => {
      const run = engines.matcher;
      return everyRecord.some(
        ({ source, record }) => source.startsWith('invictus') && !('refused' in run) && run(record),
      )
        ? [id]
        : [];
    }),
  );
  const techniques = new Set(catalog.filter(({ id }) => fired.has(id)).flatMap(({ references }) => references.attack));
  process.stdout.write(`recorded attack: ${fired.size} detections fire, ${techniques.size} ATT&CK techniques\n`);
  expect(fired.size).toBeGreaterThanOrEqual(10);
});

test('detections that fire on attacks are quiet on what was recorded as harmless', () => {
  const harmless: readonly [string, RegExp][] = [
    [
      'sign-in-without-mfa',
      /#(MFA Login|MFA Login - SAML|AWS SSOv2 Login|No MFA - Login Failed|No MFA - authenticated from session with MFA|AssumeRole from MFA User Session|No MFA - IAM Role and External IDP|Login with SAML)$/,
    ],
    ['unauthorized-calls', /#(IAM Non Blocklisted Role Assumed|Role Assumed by AWS Service)$/],
    ['privileged-role-used', /#(Role Assumed by AWS Service|IAM Non Blocklisted Role Assumed)$/],
    ['security-group-open-to-world', /#AWS Console - Ingress SG Authorization Error$/],
  ];
  for (const [id, names] of harmless) {
    const run = compiled.find((one) => one.id === id)?.engines.matcher;
    const records = everyRecord.filter(({ source }) => names.test(source));
    expect(records.length).toBeGreaterThan(0);
    expect(
      records.filter(({ record }) => typeof run === 'function' && run(record)).map(({ source }) => source),
    ).toEqual([]);
  }
});

test('no secret of a record reaches a finding', async () => {
  const { findingOf } = await import('../../detections/finding');
  const record = {
    ...everyRecord[0]?.record,
    requestParameters: {
      roleArn: 'arn:aws:iam::111122223333:role/Administrator',
      SessionToken: 'SECRET',
      password: 'SECRET',
    },
    responseElements: { credentials: { sessionToken: 'SECRET', secretAccessKey: 'SECRET' } },
  };
  for (const detection of catalog) {
    expect(JSON.stringify(findingOf(underTrial(detection), record))).not.toContain('SECRET');
  }
});
