import type { ContextEntry, SimulateCustomPolicyRequest, SimulatePrincipalPolicyRequest } from '@aws-sdk/client-iam';
import { decide } from '../core/decision';
import { ServiceError } from '../core/errors';
import { parsePolicy } from '../core/policyDocuments';
import type { CallContext, Handler } from '../core/service';
import { checkIdentityPolicy } from './documents';
import { page } from './page';
import { entityByArn, type IamState, noSuchEntity } from './state';
import type { StateView } from './view';

interface Subject {
  readonly arn: string;
  readonly policies: readonly string[];
  readonly boundary?: string;
  readonly serviceControlPolicies: readonly (readonly string[])[];
}

const decisions = { Allowed: 'allowed', ImplicitlyDenied: 'implicitDeny', ExplicitlyDenied: 'explicitDeny' } as const;

function contextOf(entries: readonly ContextEntry[] | undefined): Record<string, string | readonly string[]> {
  return Object.fromEntries(
    (entries ?? []).map(({ ContextKeyName = '', ContextKeyValues = [], ContextKeyType }) => [
      ContextKeyName,
      ContextKeyType?.endsWith('List') ? ContextKeyValues : (ContextKeyValues[0] ?? ''),
    ]),
  );
}

function simulate(subject: Subject, input: SimulateCustomPolicyRequest, context: CallContext): Record<string, unknown> {
  const resources = input.ResourceArns?.length ? input.ResourceArns : ['*'];
  const values = { 'aws:PrincipalArn': subject.arn, ...contextOf(input.ContextEntries) };
  const results = (input.ActionNames ?? []).flatMap((action) =>
    resources.map((resource) => {
      const owner = resource.split(':')[4];
      const { effect, because } = decide({
        principal: subject.arn,
        action,
        resource,
        resourceAccountId: owner && /^\d{12}$/.test(owner) && input.ResourcePolicy ? owner : context.accountId,
        context: values,
        identityPolicies: [...subject.policies, ...(input.PolicyInputList ?? [])],
        boundary: input.PermissionsBoundaryPolicyInputList?.[0] ?? subject.boundary,
        resourcePolicy: input.ResourcePolicy,
        serviceControlPolicies: subject.serviceControlPolicies,
        resourceControlPolicies: [],
      });
      const organizations = subject.serviceControlPolicies.length > 0;
      return {
        EvalActionName: action,
        EvalResourceName: resource,
        EvalDecision: decisions[effect],
        MatchedStatements: [],
        MissingContextValues: [],
        ...(organizations
          ? { OrganizationsDecisionDetail: { AllowedByOrganizations: because !== 'service control policy' } }
          : {}),
      };
    }),
  );
  return page('EvaluationResults', results, input);
}

function subjectOf(
  state: IamState,
  view: StateView,
  input: SimulatePrincipalPolicyRequest,
  context: CallContext,
): Subject {
  const arn = input.PolicySourceArn ?? '';
  const found = entityByArn(state, arn);
  const group = /:group\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  const entity = found?.entity ?? state.account(context.accountId).groups.get((group ?? '').toLowerCase());
  if (!entity || arn.split(':')[4] !== context.accountId) {
    throw noSuchEntity(`The principal ${arn} cannot be found.`);
  }
  const grants = view.grantsOf(context.accountId, entity);
  const guards = context.world.organization.current?.serviceControlPolicies(context.accountId) ?? [];
  return { arn, policies: grants.policies, boundary: grants.boundary, serviceControlPolicies: guards };
}

function checkInputs(input: SimulateCustomPolicyRequest): void {
  for (const document of [...(input.PolicyInputList ?? []), ...(input.PermissionsBoundaryPolicyInputList ?? [])]) {
    try {
      checkIdentityPolicy(document);
    } catch (cause) {
      const error = new ServiceError('InvalidInput', `Invalid policy: ${(cause as Error).message}`, 400);
      error.cause = cause;
      throw error;
    }
  }
  for (const action of input.ActionNames ?? []) {
    if (!/^[\w-]+:\w+$/.test(action)) {
      throw new ServiceError('InvalidInput', `Invalid action name: ${action}`, 400);
    }
  }
}

/** Condition keys and policy variables that documents ask for. */
function contextKeys(documents: readonly string[]): string[] {
  const keys = new Set<string>();
  for (const json of documents) {
    for (const match of json.matchAll(/\$\{([\w-]+:[\w/-]+)(?:,[^}]*)?\}/g)) {
      keys.add(match[1] ?? '');
    }
    const statements = [parsePolicy(json).Statement].flat() as { Condition?: Record<string, object> }[];
    for (const { Condition = {} } of statements) {
      for (const key of Object.values(Condition).flatMap(Object.keys)) {
        keys.add(key);
      }
    }
  }
  return [...keys];
}

/** The policy simulator, with the same engine that authorises every call here. */
export function simulationOperations(state: IamState, view: StateView): Record<string, Handler> {
  return {
    SimulatePrincipalPolicy: (input: SimulatePrincipalPolicyRequest, context) => {
      checkInputs({ ...input, PolicyInputList: input.PolicyInputList ?? [] });
      const subject = subjectOf(state, view, input, context);
      return simulate(subject, { ...input, PolicyInputList: input.PolicyInputList ?? [] }, context);
    },
    GetContextKeysForPrincipalPolicy: (input: SimulatePrincipalPolicyRequest, context) => {
      const { policies } = subjectOf(state, view, input, context);
      return { ContextKeyNames: contextKeys([...policies, ...(input.PolicyInputList ?? [])]) };
    },
    GetContextKeysForCustomPolicy: (input: SimulateCustomPolicyRequest) => {
      checkInputs(input);
      return { ContextKeyNames: contextKeys(input.PolicyInputList ?? []) };
    },
    SimulateCustomPolicy: (input: SimulateCustomPolicyRequest, context) => {
      checkInputs(input);
      const arn = input.CallerArn ?? `arn:${state.partition}:iam::${context.accountId}:user/simulated`;
      return simulate({ arn, policies: [], serviceControlPolicies: [] }, input, context);
    },
  };
}
