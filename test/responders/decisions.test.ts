import fc from 'fast-check';
import { exemptionOf } from '../../responders/exemptions';
import { failureOf } from '../../responders/failures';
import { strengthened } from '../../responders/guard/trail';
import { approvalOf } from '../../responders/images/approval';
import { from, resolved, sameJson, valueAt } from '../../responders/plan';
import { removedObjects } from '../../responders/removed-objects';
import type { Enforcement, RespondingSettings } from '../../responders/settings';
import { treatmentOf } from '../../responders/settings';
import { isLike } from '../../responders/wildcard';
import { reportWords } from '../../responders/words';

const accounts = [
  { id: '111111111111', ou: 'Workloads/Production' },
  { id: '222222222222', ou: '/Workloads/Sandbox/' },
  { id: '333333333333' },
];
const rule = (strategy: string, where: Partial<Enforcement>): Enforcement => ({
  responders: ['opened-security-group'],
  strategy,
  approval: false,
  ...where,
});
const settings = (more: Partial<RespondingSettings>) =>
  ({ accounts, enforce: [], exemptions: [], buckets: ['papers'], ...more }) as unknown as RespondingSettings;
const treated = (enforce: Enforcement[], account: string, tags = {}) =>
  treatmentOf(settings({ enforce }), 'opened-security-group', account, tags);

describe('where a responder acts', () => {
  const revoke = rule('revoke', { ous: ['Workloads'] });

  test('nowhere, unless a rule says so; the last that matches decides', () => {
    expect(treated([], '111111111111')).toEqual({ strategy: 'notify', approval: false });
    expect(treated([revoke], '222222222222').strategy).toBe('revoke');
    expect(treated([revoke], '333333333333').strategy).toBe('notify');
    const sandbox = rule('quarantine', { ous: ['Workloads/Sandbox'], approval: true });
    expect(treated([revoke, sandbox], '222222222222')).toEqual({ strategy: 'quarantine', approval: true });
    expect(treated([sandbox, revoke], '222222222222').strategy).toBe('revoke');
  });

  test('an organizational unit is not another whose name begins alike; all that is given must hold', () => {
    expect(treated([rule('revoke', { ous: ['Workloads/Prod'] })], '111111111111').strategy).toBe('notify');
    const tagged = rule('revoke', { ous: ['Workloads'], tags: { tier: 'web-*' } });
    expect(treated([tagged], '111111111111', { tier: 'web-1' }).strategy).toBe('revoke');
    expect(treated([tagged], '111111111111', { tier: 'database' }).strategy).toBe('notify');
    expect(treated([rule('revoke', { tags: {} })], '111111111111').strategy).toBe('notify');
  });

  test('an account that is not in accounts.csv is nobody’s to act in', () => {
    expect(treated([rule('revoke', { tags: { a: '*' } })], '999999999999', { a: '1' }).strategy).toBe('notify');
  });
});

describe('exemptions', () => {
  const now = new Date('2026-06-15T23:00:00Z');
  const exempt = (tags: Record<string, string>, more: Partial<RespondingSettings> = {}) =>
    exemptionOf(
      settings({ exemptions: [{ tags: { team: 'pentest' }, reason: 'test', until: '2026-06-15' }], ...more }),
      'opened-security-group',
      tags,
      now,
    );

  test('hold to the end of their last day, and not a day longer', () => {
    expect(exempt({ team: 'pentest' })).toEqual({ exempt: true, reason: 'exempt until 2026-06-15: test' });
    const ended = [{ tags: { team: 'pentest' }, reason: 'test', until: '2026-06-14' }];
    expect(exempt({ team: 'pentest' }, { exemptions: ended })?.exempt).toBe(false);
    expect(exempt({ team: 'other' })).toBeUndefined();
  });

  test('a tag of one’s own counts only where it is named, and only with a day and a reason', () => {
    const own = { 'garrison:exempt': '2026-12-31 migration of the old shop' };
    expect(exempt(own)).toBeUndefined();
    const named = { exemptionTag: 'garrison:exempt' };
    expect(exempt(own, named)?.exempt).toBe(true);
    for (const value of ['', 'forever', '2026-12-31', '2026-99-99 because', '31.12.2026 because']) {
      expect(exempt({ 'garrison:exempt': value }, named)).toBeUndefined();
    }
  });
});

describe('approved images', () => {
  const lists = { ids: ['ami-1'], owners: ['222222222222'], names: [{ name: 'golden-*', owner: 'self' }] };
  const all = { ...lists, tags: { approved: 'yes' }, awsServices: true };
  const approved = (image: object | undefined, id = 'ami-9', more = {}) =>
    approvalOf(id, image as never, { ...all, ...more }, '111111111111').approved;

  test('by id, owner, name of a named owner, tag of the account’s own, or because AWS owns them', () => {
    expect(approved(undefined, 'ami-1')).toBe(true);
    expect(approved({ OwnerId: '222222222222' })).toBe(true);
    expect(approved({ OwnerId: '111111111111', Name: 'golden-7' })).toBe(true);
    expect(approved({ OwnerId: '111111111111', Tags: [{ Key: 'approved', Value: 'yes' }] })).toBe(true);
    expect(approved({ OwnerId: '137112412989', ImageOwnerAlias: 'amazon' })).toBe(true);
  });

  test('not by a name or a tag that a stranger chose, nor because nobody sees it any more', () => {
    expect(approved({ OwnerId: '666666666666', Name: 'golden-7' })).toBe(false);
    expect(approved({ OwnerId: '666666666666', Tags: [{ Key: 'approved', Value: 'yes' }] })).toBe(false);
    expect(approved({ OwnerId: '666666666666', ImageOwnerAlias: 'aws-marketplace' })).toBe(false);
    expect(approved({ OwnerId: '137112412989', ImageOwnerAlias: 'amazon' }, 'ami-9', { awsServices: false })).toBe(
      false,
    );
    expect(approved(undefined)).toBe(false);
  });
});

test.each([
  [
    'all of it is there',
    { selectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }], advanced: [] },
    undefined,
  ],
  [
    'writes only, with data events that stay so',
    {
      selectors: [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true, DataResources: [{ Type: 'x' }] }],
      advanced: [],
    },
    [
      { ReadWriteType: 'WriteOnly', IncludeManagementEvents: false },
      { ReadWriteType: 'All', IncludeManagementEvents: true },
    ],
  ],
  [
    'sources left out',
    { selectors: [{ ReadWriteType: 'All', ExcludeManagementEventSources: ['kms.amazonaws.com'] }], advanced: [] },
    [{ ReadWriteType: 'All', IncludeManagementEvents: true, ExcludeManagementEventSources: [] }],
  ],
])('selectors: %s', (_, facts, wanted) => {
  const found = strengthened(facts as never) as { EventSelectors?: unknown } | undefined;
  expect(found?.EventSelectors).toEqual(
    wanted === undefined ? undefined : wanted.map((each) => expect.objectContaining(each)),
  );
});

test('advanced selectors: part of the management events becomes all of them, the others stay', () => {
  const reads = {
    FieldSelectors: [
      { Field: 'eventCategory', Equals: ['Management'] },
      { Field: 'readOnly', Equals: ['true'] },
    ],
  };
  const data = { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] };
  expect(strengthened({ selectors: [], advanced: [reads, data] })).toEqual({
    AdvancedEventSelectors: [
      data,
      { Name: 'Management events', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
    ],
  });
});

test.each([
  ['a bucket without versioning', { isVersioned: false, objects: [] }, {}, 'notify'],
  ['a version that was deleted for good', { isVersioned: true, objects: [] }, { version: 'v1' }, 'notify'],
  ['a bucket that is not named', { bucket: 'others', isVersioned: true, objects: [] }, {}, 'ignore'],
  [
    'an object that is there again',
    { isVersioned: true, objects: [{ key: 'a', latest: 'v', removed: false, restorable: true }] },
    {},
    'nothing',
  ],
  [
    'an object without any version left',
    { isVersioned: true, objects: [{ key: 'a', latest: 'v', removed: true, restorable: false }] },
    {},
    'notify',
  ],
])('removed objects: %s', (_, facts, hints, kind) => {
  const target = { kind: 'S3Bucket', resource: 'papers', hints };
  const place = { partition: 'aws', accountId: '111111111111', region: 'us-east-1' };
  const question = { strategy: 'restore', target, place, settings: settings({}) };
  expect(removedObjects.decide({ bucket: 'papers', incomplete: false, tags: {}, ...facts }, question).kind).toBe(kind);
});

test('wildcards mean what a regular expression says', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
  fc.assert(
    fc.property(
      letters.map((text) => text.replaceAll('*', 'a')),
      letters,
      (text, pattern) => {
        const expression = pattern
          .split('*')
          .map((part) => part.replaceAll('.', '\\.'))
          .join('.*');
        expect(isLike(text, pattern)).toBe(new RegExp(`^${expression}$`).test(text));
      },
    ),
  );
});

test('plans refer to earlier answers; what is not known yet stays, or becomes what stands for it', () => {
  const input = {
    Groups: ['sg-1', from('closed', ['SecurityGroups', 0, 'GroupId'])],
    Id: from('again', ['GroupId'], 'sg-2'),
  };
  const saved = { closed: { SecurityGroups: [{ GroupId: 'sg-9' }] } };
  expect(resolved(input, saved)).toMatchObject({ Groups: ['sg-1', 'sg-9'], Id: { $from: 'again' } });
  expect(resolved(input, saved, true)).toEqual({ Groups: ['sg-1', 'sg-9'], Id: 'sg-2' });
  expect(valueAt({ list: [{ id: 1 }, { id: 2 }] }, ['list', '*', 'id'])).toEqual([1, 2]);
  expect(valueAt(JSON.parse('{}'), ['__proto__', 'x'])).toBeUndefined();
  expect(sameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
});

test.each([
  ['UnauthorizedOperation', 'denied'],
  ['AccessDenied', 'denied'],
  ['RequestLimitExceeded', 'throttled'],
  ['ThrottlingException', 'throttled'],
  ['SlowDown', 'throttled'],
  ['InvalidGroup.NotFound', 'gone'],
  ['NoSuchEntityException', 'gone'],
  ['TrailNotFoundException', 'gone'],
  ['DependencyViolation', 'conflict'],
  ['OperationNotPermitted', 'conflict'],
  ['InvalidParameterValue', 'other'],
])('%s is %s', (code, kind) => {
  expect(failureOf(Object.assign(new Error(code), { name: code })).kind).toBe(kind);
});

describe('reports in Japanese', () => {
  const { sentence } = reportWords('ja');

  test.each([
    ['the access key AKIA1 of bob is active', 'bob のアクセスキー AKIA1 は有効です'],
    ['open to the world: tcp 22 from 0.0.0.0/0 (sgr-1)', '全体に公開: tcp 22 from 0.0.0.0/0 (sgr-1)'],
    ['the detector 12ab is suspended; the event was about 34cd', '検出器 12ab は停止中です（イベントの対象は 34cd）'],
    ['Exposed access key', '漏えいしたアクセスキー'],
  ])('say %s', (written, said) => {
    expect(sentence(written)).toBe(said);
  });

  test('leave what has no words there as it was written, whatever it holds', () => {
    expect(sentence('the moon is full')).toBe('the moon is full');
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(sentence(`the trail ${name} logs`)).toBe(`証跡 ${name} は記録中です`);
      }),
    );
  });
});
