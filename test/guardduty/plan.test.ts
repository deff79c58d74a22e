import { coverage, type DesiredGuard, type ObservedGuard, plan } from '../../guardduty';
import { cellKey, type ObservedMember, type ObservedMemberCell, type ObservedRegion } from '../../guardduty/observed';
import { GarrisonError } from '../../organization/errors';

const administratorId = '100000000002';
const memberId = '100000000011';
const region = 'eu-west-1';

const desired: DesiredGuard = {
  administratorId,
  regions: [region],
  members: [{ accountId: memberId, email: 'shop@example.com' }],
  findingPublishingFrequency: 'FIFTEEN_MINUTES',
  invitationEmails: false,
};

const detector = { id: 'd0', enabled: true, findingPublishingFrequency: 'FIFTEEN_MINUTES' };
const memberCell: ObservedMemberCell = { accountId: memberId, region, detector: { id: 'd1', enabled: true } };

function observed(
  status: ObservedMember['status'] | undefined,
  more: { cell?: Partial<ObservedMemberCell>; email?: string; seen?: Partial<ObservedRegion> } = {},
): ObservedGuard {
  const member = { accountId: memberId, email: more.email ?? 'shop@example.com', status: status ?? 'Created' };
  const members = new Map(status === undefined ? [] : [[memberId, member]]);
  return {
    regions: new Map([[region, { region, detector, members, ...more.seen }]]),
    unreadable: new Map(),
    cells: new Map([[cellKey(memberId, region), { ...memberCell, ...more.cell }]]),
    unreadableCells: new Map(),
  };
}

function kinds(state: ObservedGuard): string[] {
  return plan(desired, state, new Map()).changes.map(({ kind }) => kind);
}

function blockedCode(state: ObservedGuard): string | undefined {
  return plan(desired, state, new Map()).blocked[0]?.code;
}

describe('each status of a member has a way to Enabled, or a reason', () => {
  test.each([
    [undefined, ['create-members', 'invite-members', 'accept-invitation']],
    ['Created', ['invite-members', 'accept-invitation']],
    ['Invited', ['accept-invitation']],
    ['EmailVerificationInProgress', ['accept-invitation']],
    ['Enabled', []],
    ['Disabled', ['start-monitoring']],
    ['Removed', ['delete-members', 'create-members', 'invite-members', 'accept-invitation']],
    ['Resigned', ['delete-members', 'create-members', 'invite-members', 'accept-invitation']],
  ])('%s', (status, expected) => {
    expect(kinds(observed(status))).toEqual(expected);
  });

  test('EmailVerificationFailed with the address of accounts.csv is a reason that names the address', () => {
    const { changes, blocked } = plan(desired, observed('EmailVerificationFailed'), new Map());
    expect(changes).toEqual([]);
    expect(blocked).toMatchObject([
      { code: 'guardduty.member.email', reason: expect.stringContaining('shop@example.com') },
    ]);
  });

  test('EmailVerificationFailed with another address than accounts.csv now holds is tried again', () => {
    expect(kinds(observed('EmailVerificationFailed', { email: 'old@example.com' }))).toContain('create-members');
  });

  test('a status that nobody knows is a reason for that cell alone', () => {
    expect(blockedCode(observed('Paused'))).toBe('guardduty.member.status');
  });
});

describe('what stands in the way', () => {
  test('no detector in the member', () => {
    expect(blockedCode(observed(undefined, { cell: { detector: undefined } }))).toBe('guardduty.member.detector');
  });

  test('a member of another administrator', () => {
    const state = observed(undefined, { cell: { administratorId: '999999999999' } });
    expect(plan(desired, state, new Map()).blocked[0]).toMatchObject({
      code: 'guardduty.member.otherAdministrator',
      reason: expect.stringContaining('999999999999'),
    });
  });

  test('the administrator is itself a member of another account', () => {
    const state = observed(undefined, { seen: { memberOf: '999999999999' } });
    expect(plan(desired, state, new Map()).blocked.map(({ code }) => code)).toEqual([
      'guardduty.administrator.member',
      'guardduty.administrator.member',
    ]);
  });

  test('a region that could not be read is unknown, never guarded', () => {
    const error = new GarrisonError('aws.TimeoutError', 'TimeoutError', 'Again.', { region });
    const state = { ...observed('Enabled'), regions: new Map(), unreadable: new Map([[region, error]]) };
    expect(coverage(desired, plan(desired, state, new Map())).map(({ state }) => state)).toEqual([
      'unknown',
      'unknown',
    ]);
  });
});

test('a member detector that was switched off is switched on before the invitation is accepted', () => {
  expect(kinds(observed('Invited', { cell: { detector: { id: 'd1', enabled: false } } }))).toEqual([
    'enable-detector',
    'accept-invitation',
  ]);
});

test("the administrator's settings are compared too", () => {
  const off = { ...detector, enabled: false, findingPublishingFrequency: 'SIX_HOURS' };
  const state = observed('Enabled', { seen: { detector: off } });
  expect(kinds(state)).toEqual(['enable-detector', 'set-frequency']);
  expect(coverage(desired, plan(desired, state, new Map()))[0]).toMatchObject({ state: 'not-guarded' });
});

test('where the management account has not enabled the region it delegates nothing, and members are invited', () => {
  const auto = {
    ...desired,
    route: 'auto',
    managementAccountId: '100000000001',
    inside: new Set([memberId]),
  } as const;
  const changes = (seen: Partial<ObservedRegion>) =>
    plan(auto, observed(undefined, { seen }), new Map()).changes.map(({ kind }) => kind);
  expect(changes({})).toEqual(['delegate-administrator', 'create-members']);
  expect(changes({ withoutManagement: true })).toEqual(['create-members', 'invite-members', 'accept-invitation']);
});

test('members are created and invited 50 a call, without e-mails', () => {
  const members = Array.from({ length: 120 }, (_, index) => ({
    accountId: String(200000000000 + index),
    email: `a+${index}@example.com`,
  }));
  const state: ObservedGuard = {
    ...observed(undefined),
    cells: new Map(members.map(({ accountId }) => [cellKey(accountId, region), { ...memberCell, accountId }])),
  };
  const { changes } = plan({ ...desired, members }, state, new Map());
  const sizes = changes.flatMap((change) => (change.kind === 'create-members' ? [change.accountIds.length] : []));
  expect(sizes).toEqual([50, 50, 20]);
  expect(changes.filter(({ kind }) => kind === 'invite-members')).toMatchObject(sizes.map(() => ({ emails: false })));
});

test('a cell in which nothing can run is neither planned nor guarded, and keeps its reason', () => {
  const unreachable = new Map([[cellKey(memberId, region), 'the account is suspended']]);
  const result = plan(desired, observed(undefined), unreachable);
  expect(result.changes).toEqual([]);
  expect(coverage(desired, result)[1]).toMatchObject({ state: 'out-of-reach', reason: 'the account is suspended' });
});
