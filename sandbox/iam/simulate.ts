import type { SimulateCustomPolicyRequest, SimulatePrincipalPolicyRequest } from '@aws-sdk/client-iam';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { contextKeys } from './contextKeys';
import { checkIdentityPolicy } from './identityPolicy';
import { page } from './page';
import type { Policies } from './policies';
import { type NamedPolicy, type Subject, simulate } from './simulation';
import { type Entity, entityByArn, type IamState, nameKey, noSuchEntity, type User } from './state';
import type { StateView } from './view';

/** Policies as the simulator calls them: managed ones by their name, inline ones by whose they are, too. */
function policiesOf(entity: Entity, policies: Policies): NamedPolicy[] {
  const managed = [...entity.attached].flatMap((arn) => {
    const document = policies.document(arn);
    return document === undefined ? [] : [{ id: arn.slice(arn.lastIndexOf('/') + 1), document }];
  });
  const inline = [...entity.inline].map(([name, document]) => ({
    id: `${entity.kind}_${entity.name}_${name}`,
    document,
  }));
  return [...managed, ...inline];
}

/** A principal, and what is granted to it by itself and, of a user, by its groups. */
function subjectOf(
  { state, view, policies }: Simulator,
  input: SimulatePrincipalPolicyRequest,
  context: CallContext,
): Subject {
  const arn = input.PolicySourceArn ?? '';
  const account = state.account(context.accountId);
  const group = /:group\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  const entity = entityByArn(state, arn)?.entity ?? account.groups.get(nameKey(group ?? ''));
  if (!entity || arn.split(':')[4] !== context.accountId) {
    throw noSuchEntity(`The principal ${arn} cannot be found.`);
  }
  const groups =
    entity.kind === 'user' ? [...(entity as User).groups].flatMap((name) => account.groups.get(name) ?? []) : [];
  const guards = context.world.organization.current?.serviceControlPolicies(context.accountId) ?? [];
  return {
    arn,
    policies: [entity, ...groups].flatMap((each) => policiesOf(each, policies)),
    boundary: view.grantsOf(context.accountId, entity).boundary,
    serviceControlPolicies: guards,
    inOrganization: guards.length > 0,
  };
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

interface Simulator {
  readonly state: IamState;
  readonly view: StateView;
  readonly policies: Policies;
}

/** The policy simulator, with the same engine that authorises every call here. */
export function simulationOperations(state: IamState, view: StateView, policies: Policies): Record<string, Handler> {
  const simulator = { state, view, policies };
  return {
    SimulatePrincipalPolicy: (input: SimulatePrincipalPolicyRequest, context) => {
      const asked = { ...input, PolicyInputList: input.PolicyInputList ?? [] };
      checkInputs(asked);
      return page('EvaluationResults', simulate(subjectOf(simulator, input, context), asked, context), input);
    },
    GetContextKeysForPrincipalPolicy: (input: SimulatePrincipalPolicyRequest, context) => {
      const documents = subjectOf(simulator, input, context).policies.map(({ document }) => document);
      return { ContextKeyNames: contextKeys([...documents, ...(input.PolicyInputList ?? [])]) };
    },
    GetContextKeysForCustomPolicy: (input: SimulateCustomPolicyRequest) => {
      checkInputs(input);
      return { ContextKeyNames: contextKeys(input.PolicyInputList ?? []) };
    },
    SimulateCustomPolicy: (input: SimulateCustomPolicyRequest, context) => {
      checkInputs(input);
      const arn = input.CallerArn ?? `arn:${state.partition}:iam::${context.accountId}:user/simulated`;
      const subject = { arn, policies: [], serviceControlPolicies: [], inOrganization: false };
      return page('EvaluationResults', simulate(subject, input, context), input);
    },
  };
}
