import {
  ActionType,
  type Handshake as HandshakeOutput,
  type InviteAccountToOrganizationRequest,
  type ListHandshakesForAccountRequest,
  type ListHandshakesForOrganizationRequest,
} from '@aws-sdk/client-organizations';
import type { CallContext, Handler } from '../core/service';
import { asManagement, asReader } from './access';
import { accountOf } from './describe';
import { handshakeConstraint, invalidInput, organizationsError } from './errors';
import { approve, enableAllFeatures, isOpen } from './features';
import { join } from './found';
import { newId } from './ids';
import { matching, oneOf, page, patterns } from './input';
import { type Handshake, memberships, type Organization, type OrganizationsState } from './state';
import { checkedTags } from './tags';

const day = 86_400_000;
const inviteDays = 15;
const accountLimit = 10_000;

const arnWords: Partial<Record<ActionType, string>> = {
  INVITE: 'invite',
  ENABLE_ALL_FEATURES: 'enable_all_features',
  APPROVE_ALL_FEATURES: 'approve_all_features',
  TRANSFER_RESPONSIBILITY: 'transfer_responsibility',
};

export function describeHandshake(state: OrganizationsState, handshake: Handshake): HandshakeOutput {
  const { organization } = handshake;
  expire(state, handshake);
  return {
    Id: handshake.id,
    Arn: state.arn(organization, `handshake/${organization.id}/${arnWords[handshake.action]}/${handshake.id}`),
    Parties: [
      { Id: organization.id, Type: 'ORGANIZATION' },
      { Id: handshake.target.id, Type: handshake.target.type },
    ],
    State: handshake.state,
    RequestedTimestamp: handshake.requestedAt,
    ExpirationTimestamp: handshake.expiresAt,
    Action: handshake.action,
    Resources: [...handshake.resources],
  };
}

/** A handshake that nobody answered in time is over. */
export function expire(state: OrganizationsState, handshake: Handshake): void {
  const open = handshake.state === 'OPEN' || handshake.state === 'REQUESTED';
  if (open && handshake.expiresAt <= state.now()) {
    handshake.state = 'EXPIRED';
  }
}

/** The account that an invitation goes to, by id or e-mail address. */
export function invited(state: OrganizationsState, input: Pick<InviteAccountToOrganizationRequest, 'Target'>): string {
  const { Id, Type } = input.Target ?? {};
  if (Type === 'EMAIL') {
    const email = matching(Id, patterns.email);
    const account = [...state.world.accounts.values()].find((each) => each.email === email);
    if (!account) {
      throw organizationsError('AccountNotFoundException');
    }
    return account.id;
  }
  if (Type !== 'ACCOUNT') {
    throw invalidInput('INVALID_PARTY_TYPE_TARGET');
  }
  if (!patterns.account.test(Id ?? '')) {
    throw invalidInput('INVALID_PATTERN_TARGET_ID');
  }
  return Id as string;
}

function refuseInvitation(state: OrganizationsState, organization: Organization, accountId: string): void {
  if (!state.world.accounts.has(accountId)) {
    throw organizationsError('AccountNotFoundException');
  }
  if (state.of(accountId)) {
    throw handshakeConstraint(
      'ALREADY_IN_AN_ORGANIZATION',
      'The provided account is already a member of an organization.',
    );
  }
  const pending = [...state.handshakes.values()].filter((each) => each.organization === organization);
  if (pending.some((each) => each.action === 'ENABLE_ALL_FEATURES' && isOpen(each))) {
    throw handshakeConstraint(
      'INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES',
      'You cannot issue new invitations to join an organization while it is in the process of enabling all features.',
    );
  }
  if (pending.some((each) => each.state === 'OPEN' && targetId(state, each) === accountId)) {
    throw organizationsError('DuplicateHandshakeException');
  }
  if (memberships(organization).length >= accountLimit) {
    throw handshakeConstraint('ACCOUNT_NUMBER_LIMIT_EXCEEDED', 'You have exceeded the maximum number of accounts.');
  }
}

function targetId(state: OrganizationsState, handshake: Handshake): string | undefined {
  const { id, type } = handshake.target;
  return type === 'ACCOUNT' ? id : [...state.world.accounts.values()].find((account) => account.email === id)?.id;
}

function invite(state: OrganizationsState): Handler {
  return (input: InviteAccountToOrganizationRequest, context) => {
    const accountId = invited(state, input);
    checkedTags(input.Tags);
    const organization = asManagement(state, context, 'InviteAccountToOrganization');
    refuseInvitation(state, organization, accountId);
    const management = accountOf(state, organization.managementAccountId);
    const now = state.now();
    const target = { type: input.Target?.Type as 'ACCOUNT' | 'EMAIL', id: input.Target?.Id as string };
    const handshake: Handshake = {
      id: newId.handshake(),
      action: 'INVITE',
      organization,
      target,
      requestedAt: now,
      expiresAt: new Date(now.getTime() + inviteDays * day),
      state: 'OPEN',
      resources: [
        {
          Type: 'ORGANIZATION',
          Value: organization.id,
          Resources: [
            { Type: 'MASTER_EMAIL', Value: management.email },
            { Type: 'MASTER_NAME', Value: management.name },
            { Type: 'ORGANIZATION_FEATURE_SET', Value: organization.featureSet },
          ],
        },
        { Type: target.type, Value: target.id },
        ...(input.Notes ? [{ Type: 'NOTES' as const, Value: input.Notes }] : []),
      ],
    };
    state.handshakes.set(handshake.id, handshake);
    return { Handshake: describeHandshake(state, handshake) };
  };
}

function find(state: OrganizationsState, id: string | undefined, context: CallContext): Handshake {
  const handshake = state.handshakes.get(matching(id, patterns.handshake));
  if (!handshake) {
    throw organizationsError('HandshakeNotFoundException');
  }
  expire(state, handshake);
  const isSender = handshake.organization.managementAccountId === context.accountId;
  if (!isSender && targetId(state, handshake) !== context.accountId) {
    throw organizationsError('AccessDeniedException');
  }
  return handshake;
}

/** Only what is open, or was asked for, can be answered. */
function move(handshake: Handshake, to: Handshake['state']): void {
  if (handshake.state === to) {
    throw organizationsError('HandshakeAlreadyInStateException');
  }
  if (handshake.state !== 'OPEN' && handshake.state !== 'REQUESTED') {
    throw organizationsError('InvalidHandshakeTransitionException');
  }
  handshake.state = to;
}

function accept(state: OrganizationsState): Handler {
  return async (input: { HandshakeId?: string }, context) => {
    const handshake = find(state, input.HandshakeId, context);
    if (targetId(state, handshake) !== context.accountId) {
      throw organizationsError('AccessDeniedException');
    }
    if (handshake.action === 'INVITE' && handshake.state === 'OPEN' && state.of(context.accountId)) {
      throw handshakeConstraint(
        'ALREADY_IN_AN_ORGANIZATION',
        'The provided account is already a member of an organization.',
      );
    }
    move(handshake, 'ACCEPTED');
    if (handshake.action === 'INVITE') {
      join(state, handshake.organization, context.accountId, 'INVITED');
      await state.world.organization.tell('joined', accountOf(state, context.accountId));
    } else if (handshake.action !== 'TRANSFER_RESPONSIBILITY') {
      approve(state, handshake);
    }
    return { Handshake: describeHandshake(state, handshake) };
  };
}

function lists(state: OrganizationsState): Record<string, Handler> {
  const answer = (all: readonly Handshake[], input: ListHandshakesForAccountRequest) => {
    const action = input.Filter?.ActionType ? oneOf(input.Filter.ActionType, ActionType) : undefined;
    const parent = input.Filter?.ParentHandshakeId;
    if (parent !== undefined) {
      matching(parent, patterns.handshake);
    }
    const wanted = all.filter((each) => (!action || each.action === action) && (!parent || each.parentId === parent));
    const found = page(wanted, input);
    return { Handshakes: found.items.map((each) => describeHandshake(state, each)), NextToken: found.nextToken };
  };
  return {
    ListHandshakesForAccount: (input: ListHandshakesForAccountRequest, context) =>
      answer(
        [...state.handshakes.values()].filter((each) => targetId(state, each) === context.accountId),
        input,
      ),
    ListHandshakesForOrganization: (input: ListHandshakesForOrganizationRequest, context) => {
      const organization = asReader(state, context, 'ListHandshakesForOrganization');
      return answer(
        [...state.handshakes.values()].filter((each) => each.organization === organization),
        input,
      );
    },
  };
}

/** Invitations and the way to all features. */
export function handshakeOperations(state: OrganizationsState): Record<string, Handler> {
  return {
    InviteAccountToOrganization: invite(state),
    AcceptHandshake: accept(state),
    DeclineHandshake: (input: { HandshakeId?: string }, context) => {
      const handshake = find(state, input.HandshakeId, context);
      if (targetId(state, handshake) !== context.accountId) {
        throw organizationsError('AccessDeniedException');
      }
      move(handshake, 'DECLINED');
      return { Handshake: describeHandshake(state, handshake) };
    },
    CancelHandshake: (input: { HandshakeId?: string }, context) => {
      const handshake = find(state, input.HandshakeId, context);
      if (handshake.organization.managementAccountId !== context.accountId) {
        throw organizationsError('AccessDeniedException');
      }
      move(handshake, 'CANCELED');
      return { Handshake: describeHandshake(state, handshake) };
    },
    DescribeHandshake: (input: { HandshakeId?: string }, context) => ({
      Handshake: describeHandshake(state, find(state, input.HandshakeId, context)),
    }),
    EnableAllFeatures: (_input: unknown, context) => {
      const organization = asManagement(state, context, 'EnableAllFeatures');
      return { Handshake: describeHandshake(state, enableAllFeatures(state, organization)) };
    },
    ...lists(state),
  };
}
