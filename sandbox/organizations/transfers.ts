import {
  type InviteOrganizationToTransferResponsibilityRequest,
  type ListInboundResponsibilityTransfersRequest,
  type ResponsibilityTransfer,
  type ResponsibilityTransferStatus,
  ResponsibilityTransferType,
  type TerminateResponsibilityTransferRequest,
  type UpdateResponsibilityTransferRequest,
} from '@aws-sdk/client-organizations';
import type { CallContext, Handler } from '../core/service';
import { asManagement } from './access';
import { accountOf } from './describe';
import { handshakeConstraint, invalidInput, organizationsError } from './errors';
import { describeHandshake, expire, invited } from './handshakes';
import { newId } from './ids';
import { matching, oneOf, page, patterns, printable, text } from './input';
import type { Handshake, Organization, OrganizationsState, Transfer } from './state';
import { checkedTags } from './tags';
import { checkedEnd, checkedStart } from './transferDates';

const day = 86_400_000;
const inviteDays = 15;
const nameLength = 128;

/** Where the transfer stands: what its handshake says, until somebody withdraws. */
function statusOf(state: OrganizationsState, transfer: Transfer): ResponsibilityTransferStatus {
  expire(state, transfer.handshake);
  if (transfer.endsAt) {
    return 'WITHDRAWN';
  }
  return transfer.handshake.state === 'OPEN' ? 'REQUESTED' : transfer.handshake.state;
}

function describe(state: OrganizationsState, transfer: Transfer, context: CallContext): ResponsibilityTransfer {
  const party = (id: string) => ({ ManagementAccountId: id, ManagementAccountEmail: accountOf(state, id).email });
  const organization = state.required(context);
  const inbound = transfer.targetId === context.accountId;
  return {
    Arn: state.arn(
      organization,
      `transfer/${organization.id}/billing/${inbound ? 'inbound' : 'outbound'}/${transfer.id}`,
    ),
    Name: transfer.name,
    Id: transfer.id,
    Type: 'BILLING',
    Status: statusOf(state, transfer),
    Source: party(transfer.sourceId),
    Target: party(transfer.targetId),
    StartTimestamp: transfer.startsAt,
    EndTimestamp: transfer.endsAt,
    ActiveHandshakeId: statusOf(state, transfer) === 'REQUESTED' ? transfer.handshake.id : undefined,
  };
}

/** Only the management account of another organization can give a responsibility away. @throws ServiceError */
function checkSource(state: OrganizationsState, organization: Organization, accountId: string): void {
  if (accountId === organization.managementAccountId) {
    throw handshakeConstraint('SOURCE_AND_TARGET_CANNOT_MATCH', 'An account cannot transfer responsibility to itself.');
  }
  if (state.of(accountId)?.managementAccountId !== accountId) {
    throw invalidInput('TARGET_NOT_SUPPORTED', 'You cannot perform the specified operation on that target entity.');
  }
}

function invite(state: OrganizationsState): Handler {
  return (input: InviteOrganizationToTransferResponsibilityRequest, context) => {
    oneOf(input.Type, ResponsibilityTransferType);
    const name = printable(input.SourceName, nameLength);
    text(input.Notes ?? '', 0, 1_024);
    const tags = checkedTags(input.Tags);
    const organization = asManagement(state, context, 'InviteOrganizationToTransferResponsibility');
    const sourceId = invited(state, { Target: input.Target });
    checkSource(state, organization, sourceId);
    const startsAt = checkedStart(input.StartTimestamp, state.now());
    const standing = [...state.transfers.values()].filter((each) => each.sourceId === sourceId);
    if (standing.some((each) => ['REQUESTED', 'ACCEPTED'].includes(statusOf(state, each)))) {
      throw handshakeConstraint(
        'RESPONSIBILITY_TRANSFER_ALREADY_EXISTS',
        'You cannot perform this operation with the current transfer.',
      );
    }
    const id = newId.transfer();
    const handshake = ask(state, organization, { id, input, startsAt });
    state.transfers.set(id, {
      id,
      name,
      sourceId,
      targetId: organization.managementAccountId,
      startsAt,
      handshake,
      tags,
    });
    return { Handshake: describeHandshake(state, handshake) };
  };
}

interface Asked {
  readonly id: string;
  readonly input: InviteOrganizationToTransferResponsibilityRequest;
  readonly startsAt: Date;
}

function ask(state: OrganizationsState, organization: Organization, { id, input, startsAt }: Asked): Handshake {
  const now = state.now();
  const management = accountOf(state, organization.managementAccountId);
  const handshake: Handshake = {
    id: newId.handshake(),
    action: 'TRANSFER_RESPONSIBILITY',
    organization,
    target: { type: input.Target?.Type as 'ACCOUNT' | 'EMAIL', id: input.Target?.Id as string },
    requestedAt: now,
    expiresAt: new Date(now.getTime() + inviteDays * day),
    state: 'REQUESTED',
    resources: [
      {
        Type: 'RESPONSIBILITY_TRANSFER',
        Value: id,
        Resources: [
          { Type: 'TRANSFER_TYPE', Value: 'BILLING' },
          { Type: 'TRANSFER_START_TIMESTAMP', Value: startsAt.toISOString() },
          { Type: 'MANAGEMENT_ACCOUNT', Value: management.id },
          { Type: 'MANAGEMENT_EMAIL', Value: management.email },
          { Type: 'MANAGEMENT_NAME', Value: management.name },
        ],
      },
      ...(input.Notes ? [{ Type: 'NOTES' as const, Value: input.Notes }] : []),
    ],
  };
  state.handshakes.set(handshake.id, handshake);
  return handshake;
}

/** A transfer that the caller is a party of. */
function find(state: OrganizationsState, id: string | undefined, context: CallContext, operation: string): Transfer {
  const wanted = matching(id, patterns.transfer);
  const { managementAccountId } = asManagement(state, context, operation);
  const transfer = state.transfers.get(wanted);
  if (!transfer || ![transfer.sourceId, transfer.targetId].includes(managementAccountId)) {
    throw organizationsError('ResponsibilityTransferNotFoundException');
  }
  return transfer;
}

function terminate(state: OrganizationsState): Handler {
  return (input: TerminateResponsibilityTransferRequest, context) => {
    const transfer = find(state, input.Id, context, 'TerminateResponsibilityTransfer');
    const status = statusOf(state, transfer);
    if (status === 'WITHDRAWN') {
      throw organizationsError('ResponsibilityTransferAlreadyInStatusException');
    }
    if (status !== 'ACCEPTED') {
      throw organizationsError('InvalidResponsibilityTransferTransitionException');
    }
    transfer.endsAt = checkedEnd(input.EndTimestamp, state.now());
    return { ResponsibilityTransfer: describe(state, transfer, context) };
  };
}

function list(state: OrganizationsState, operation: string, side: 'sourceId' | 'targetId'): Handler {
  return (input: ListInboundResponsibilityTransfersRequest, context) => {
    oneOf(input.Type, ResponsibilityTransferType);
    const wanted = input.Id === undefined ? undefined : matching(input.Id, patterns.transfer);
    const { managementAccountId } = asManagement(state, context, operation);
    const all = [...state.transfers.values()].filter(
      (each) => each[side] === managementAccountId && (!wanted || each.id === wanted),
    );
    if (wanted && all.length === 0) {
      throw organizationsError('ResponsibilityTransferNotFoundException');
    }
    const found = page(all, input);
    return {
      ResponsibilityTransfers: found.items.map((each) => describe(state, each, context)),
      NextToken: found.nextToken,
    };
  };
}

/** One organization's management account takes responsibilities, such as billing, over from another's. */
export function transferOperations(state: OrganizationsState): Record<string, Handler> {
  return {
    InviteOrganizationToTransferResponsibility: invite(state),
    DescribeResponsibilityTransfer: (input: { Id?: string }, context) => ({
      ResponsibilityTransfer: describe(
        state,
        find(state, input.Id, context, 'DescribeResponsibilityTransfer'),
        context,
      ),
    }),
    ListInboundResponsibilityTransfers: list(state, 'ListInboundResponsibilityTransfers', 'targetId'),
    ListOutboundResponsibilityTransfers: list(state, 'ListOutboundResponsibilityTransfers', 'sourceId'),
    TerminateResponsibilityTransfer: terminate(state),
    UpdateResponsibilityTransfer: (input: UpdateResponsibilityTransferRequest, context) => {
      const name = printable(input.Name, nameLength);
      const transfer = find(state, input.Id, context, 'UpdateResponsibilityTransfer');
      transfer.name = name;
      return { ResponsibilityTransfer: describe(state, transfer, context) };
    },
  };
}
