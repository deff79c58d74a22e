import { handshakeConstraint } from './errors';
import { awsManagedPolicies } from './found';
import { newId } from './ids';
import { type Handshake, memberships, type Organization, type OrganizationsState } from './state';

const day = 86_400_000;
const approvalDays = 90;

function step(
  state: OrganizationsState,
  organization: Organization,
  given: Pick<Handshake, 'action' | 'target' | 'state' | 'parentId'>,
): Handshake {
  const now = state.now();
  const handshake: Handshake = {
    ...given,
    id: newId.handshake(),
    organization,
    requestedAt: now,
    expiresAt: new Date(now.getTime() + approvalDays * day),
    resources: [{ Type: 'ORGANIZATION', Value: organization.id }],
  };
  state.handshakes.set(handshake.id, handshake);
  return handshake;
}

/**
 * Starts the way from consolidated billing to all features: invited accounts have to approve, then the
 * management account confirms.
 */
export function enableAllFeatures(state: OrganizationsState, organization: Organization): Handshake {
  if (organization.featureSet === 'ALL') {
    throw handshakeConstraint(
      'ORGANIZATION_ALREADY_HAS_ALL_FEATURES',
      'The handshake request is invalid because the organization has already enabled all features.',
    );
  }
  const under = [...state.handshakes.values()].find(
    (each) => each.organization === organization && each.action === 'ENABLE_ALL_FEATURES' && isOpen(each),
  );
  if (under) {
    throw handshakeConstraint(
      'ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION',
      'The handshake request is invalid because the organization has already started the process to enable all features.',
    );
  }
  const waiting = memberships(organization).filter(
    (member) => member.joinedMethod === 'INVITED' && member.id !== organization.managementAccountId,
  );
  const parent = step(state, organization, {
    action: 'ENABLE_ALL_FEATURES',
    target: { type: 'ACCOUNT', id: organization.managementAccountId },
    state: waiting.length > 0 ? 'REQUESTED' : 'OPEN',
  });
  for (const member of waiting) {
    step(state, organization, {
      action: 'APPROVE_ALL_FEATURES',
      target: { type: 'ACCOUNT', id: member.id },
      state: 'OPEN',
      parentId: parent.id,
    });
  }
  return parent;
}

/** Whether a handshake still waits for somebody. */
export const isOpen = (handshake: Handshake): boolean => handshake.state === 'OPEN' || handshake.state === 'REQUESTED';

/** An accepted step: the last approval opens the parent, the parent switches the organization over. */
export function approve(state: OrganizationsState, handshake: Handshake): void {
  const { organization } = handshake;
  if (handshake.action === 'ENABLE_ALL_FEATURES') {
    organization.featureSet = 'ALL';
    for (const node of organization.nodes.values()) {
      for (const policy of awsManagedPolicies) {
        node.policies.add(policy.id);
      }
    }
    return;
  }
  const siblings = [...state.handshakes.values()].filter((each) => each.parentId === handshake.parentId);
  const parent = state.handshakes.get(handshake.parentId ?? '');
  if (parent && siblings.every((each) => each.state === 'ACCEPTED')) {
    parent.state = 'OPEN';
  }
}
