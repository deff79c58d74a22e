import { conditionValues } from './conditions';
import { type Decision, decide, type Question } from './decision';
import type { Grants } from './identity';
import { allowEverything } from './policyDocuments';
import type { AuthorizationRequest, CallContext, Caller } from './service';

/** The decision about one request of a call, with the pieces that its refusal names. */
export interface Refusal {
  readonly action: string;
  readonly resource: string;
  readonly decision: Decision;
}

function isServiceLinked(caller: Caller): boolean {
  return caller.roleArn?.includes(':role/aws-service-role/') ?? false;
}

/** Service control policies hold for the organization's members; not for services and service-linked roles. */
function serviceControlPolicies(context: CallContext): readonly (readonly string[])[] {
  const { caller, world } = context;
  if (caller.kind === 'service' || caller.kind === 'anonymous' || isServiceLinked(caller)) {
    return [];
  }
  return world.organization.current?.serviceControlPolicies(caller.accountId) ?? [];
}

function grantsOf(context: CallContext): Grants | undefined {
  const { caller, world } = context;
  return caller.kind === 'user' || caller.kind === 'assumed-role' ? world.identity.current?.grants(caller) : undefined;
}

function identityPolicies({ caller, world }: CallContext, grants: Grants | undefined): readonly string[] {
  return caller.kind === 'root' ? [allowEverything] : world.withheld.apply(caller.roleArn, grants?.policies ?? []);
}

/**
 * An AWS service acts on what belongs to it without asking IAM; a resource with a policy of its own is asked, and so
 * is one that could have a policy (the request names the property, even as `undefined`).
 */
function actsFreely(caller: Caller, request: AuthorizationRequest): boolean {
  return caller.kind === 'service' && !('resourcePolicy' in request);
}

function decideOne(
  context: CallContext,
  request: AuthorizationRequest,
  resource: string,
  grants: Grants | undefined,
  call: string,
): Decision {
  const { caller, world, via } = context;
  const owner = request.resourceAccountId ?? context.accountId;
  if (request.resourcePolicyRequired && request.resourcePolicy === undefined) {
    return { effect: 'ImplicitlyDenied', because: 'resource-based policy' };
  }
  const question: Question = {
    principal: caller.kind === 'anonymous' ? 'anonymous' : caller.arn,
    action: request.action,
    resource,
    resourceAccountId: owner,
    context: conditionValues(context, request, grants, via),
    identityPolicies: identityPolicies(context, grants),
    boundary: grants?.boundary,
    sessionPolicies: caller.sessionPolicies,
    resourcePolicy: request.resourcePolicy,
    serviceControlPolicies: serviceControlPolicies(context),
    resourceControlPolicies: world.organization.current?.resourceControlPolicies(owner) ?? [],
  };
  const decision = decide(question);
  world.decisions.note({ caller, call, via, question, decision });
  return decision;
}

/** Asks IAM about every request of a call, such as `events:PutRule`; the first refusal, if any. */
export function findRefusal(
  context: CallContext,
  requests: readonly AuthorizationRequest[],
  call: string,
): Refusal | undefined {
  const grants = requests.length > 0 ? grantsOf(context) : undefined;
  for (const request of requests) {
    if (actsFreely(context.caller, request)) {
      continue;
    }
    for (const resource of request.resources) {
      const decision = decideOne(context, request, resource, grants, call);
      if (decision.effect !== 'Allowed') {
        return { action: request.action, resource, decision };
      }
    }
  }
  return undefined;
}

/** The sentence with which AWS refuses. */
export function refusalMessage(caller: Caller, refusal: Refusal): string {
  const { action, resource, decision } = refusal;
  const who = caller.kind === 'anonymous' ? 'anonymous' : caller.arn;
  const what = `User: ${who} is not authorized to perform: ${action}`;
  const where = resource === '*' && /^(s3|ec2):/.test(action) ? '' : ` on resource: ${resource}`;
  const kind =
    action === 'sts:AssumeRole' && decision.because === 'resource-based policy'
      ? 'role trust policy'
      : decision.because;
  if (kind === 'role trust policy' && resource.split(':')[4] !== caller.accountId) {
    return `${what}${where}`;
  }
  const article = kind === 'identity-based policy' ? 'an' : 'a';
  if (decision.effect === 'ExplicitlyDenied') {
    return `${what}${where} with an explicit deny in ${article} ${kind}`;
  }
  return `${what}${where} because no ${kind} allows the ${action} action`;
}
