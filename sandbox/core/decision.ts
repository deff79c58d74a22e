import { anonymousPrincipal, runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import { allowEverything, parsePolicy, parsePolicyFor } from './policyDocuments';

export type Effect = 'Allowed' | 'ImplicitlyDenied' | 'ExplicitlyDenied';

/** Everything that decides about one action on one resource. All policies are documents in JSON. */
export interface Question {
  /** ARN of the user or session, a service principal's name, or `anonymous`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Account that owns the resource. */
  readonly resourceAccountId: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  readonly identityPolicies: readonly string[];
  readonly boundary?: string;
  /** Session policies: the session may do only what one of them allows too. */
  readonly sessionPolicies?: readonly string[];
  readonly resourcePolicy?: string;
  /** One list per level of the organization, root first. */
  readonly serviceControlPolicies: readonly (readonly string[])[];
  readonly resourceControlPolicies: readonly (readonly string[])[];
}

export type PolicyKind =
  | 'identity-based policy'
  | 'resource-based policy'
  | 'service control policy'
  | 'resource control policy'
  | 'permissions boundary'
  | 'session policy';

/** The answer, and of a refusal the kind of policy that it came from. */
export interface Decision {
  readonly effect: Effect;
  readonly because?: PolicyKind;
}

type Simulation = Parameters<typeof runUnsafeSimulation>[0];

function named(documents: readonly string[], action: string): { name: string; policy: unknown }[] {
  return documents.map((json, index) => ({ name: String(index), policy: parsePolicyFor(json, action) }));
}

function levels(
  policies: readonly (readonly string[])[],
  action: string,
): { orgIdentifier: string; policies: ReturnType<typeof named> }[] {
  return policies.map((level, index) => ({ orgIdentifier: String(index), policies: named(level, action) }));
}

/** What the policies say together, those of the session left out. Pure. */
export function effectOf(question: Question): Effect {
  const { action } = question;
  const anonymous = question.principal === 'anonymous';
  const resourcePolicy = question.resourcePolicy === undefined ? undefined : parsePolicy(question.resourcePolicy);
  const simulation: Simulation = {
    request: {
      principal: anonymous ? anonymousPrincipal : question.principal,
      action: question.action,
      resource: { resource: question.resource, accountId: question.resourceAccountId },
      contextVariables: question.context as Record<string, string | string[]>,
    },
    identityPolicies: anonymous ? [] : named(question.identityPolicies, action),
    serviceControlPolicies: anonymous ? [] : levels(question.serviceControlPolicies, action),
    resourceControlPolicies: levels(question.resourceControlPolicies, action),
    // The engine reads the policy's name: only a document in this form can carry one.
    resourcePolicy: resourcePolicy && {
      __validated: true,
      policyDocument: resourcePolicy,
      metadata: { name: 'resource' },
      errors: [],
    },
    permissionBoundaryPolicies: question.boundary === undefined ? undefined : named([question.boundary], action),
  };
  return runUnsafeSimulation(simulation, {}) as Effect;
}

const nothing = {
  boundary: undefined,
  serviceControlPolicies: [],
  resourceControlPolicies: [],
  resourcePolicy: undefined,
};

/** What one kind of policy says when everything else would allow. */
function alone(question: Question, only: Partial<Question>): Effect {
  return effectOf({
    ...question,
    ...nothing,
    identityPolicies: [allowEverything],
    resourceAccountId: accountOf(question.principal) ?? question.resourceAccountId,
    action: question.action,
    ...only,
  });
}

function accountOf(principal: string): string | undefined {
  return principal.startsWith('arn:') ? principal.split(':')[4] : undefined;
}

/** The session's own policies, judged as if they were the identity's. */
function sessionEffect(question: Question): Effect {
  if (!question.sessionPolicies || question.sessionPolicies.length === 0) {
    return 'Allowed';
  }
  return alone(question, { identityPolicies: question.sessionPolicies });
}

/** Which kind of policy refused; explicit denials come before missing permissions. */
function blame(question: Question, effect: Effect): PolicyKind {
  const signed = question.principal.startsWith('arn:');
  const checks: [PolicyKind, () => Effect][] = [
    ['service control policy', () => alone(question, { serviceControlPolicies: question.serviceControlPolicies })],
    ['resource control policy', () => alone(question, { resourceControlPolicies: question.resourceControlPolicies })],
    ['identity-based policy', () => alone(question, { identityPolicies: question.identityPolicies })],
    ['session policy', () => sessionEffect(question)],
    ['permissions boundary', () => alone(question, { boundary: question.boundary })],
  ];
  if (signed) {
    for (const [kind, check] of checks) {
      if (check() === effect) {
        return kind;
      }
    }
  }
  return 'resource-based policy';
}

/** Decides as IAM does. Pure; about 0.05 ms for a call that is allowed. */
export function decide(question: Question): Decision {
  const effect = effectOf(question);
  const session = effect === 'Allowed' ? sessionEffect(question) : 'Allowed';
  if (effect === 'Allowed' && session === 'Allowed') {
    return { effect: 'Allowed' };
  }
  return effect === 'Allowed'
    ? { effect: session, because: 'session policy' }
    : { effect, because: blame(question, effect) };
}
