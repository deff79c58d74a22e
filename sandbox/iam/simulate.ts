import type { ContextEntry, SimulateCustomPolicyRequest, SimulatePrincipalPolicyRequest } from '@aws-sdk/client-iam';
import { type Decision, decide, type Question } from '../core/decision';
import { ServiceError } from '../core/errors';
import { parsePolicy } from '../core/policyDocuments';
import type { CallContext, Handler } from '../core/service';
import { contextKeys, keysOfConditions } from './contextKeys';
import { checkIdentityPolicy } from './documents';
import { page } from './page';
import { entityByArn, type IamState, noSuchEntity } from './state';
import type { StateView } from './view';

/** A policy and the name under which the simulator speaks of it. */
interface NamedPolicy {
  readonly id: string;
  readonly type: string;
  readonly document: string;
}

interface Subject {
  readonly arn: string;
  readonly policies: readonly NamedPolicy[];
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

/** Policies of the call, called as they stand in its list. */
function given(documents: readonly string[] | undefined): NamedPolicy[] {
  return (documents ?? []).map((document, index) => ({
    id: `PolicyInputList.${index + 1}`,
    type: 'IAM Policy',
    document,
  }));
}

/** The simulator takes no policies of keys: it answers as if the key left the matter to IAM. */
function keyPolicy(resource: string, accountId: string): string | undefined {
  return /^arn:[^:]+:kms:[^:]*:[^:]*:key\//.test(resource)
    ? JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'kms:*', Resource: '*' },
        ],
      })
    : undefined;
}

function simulate(subject: Subject, input: SimulateCustomPolicyRequest, context: CallContext): Record<string, unknown> {
  const resources = input.ResourceArns?.length ? input.ResourceArns : ['*'];
  const values = { 'aws:PrincipalArn': subject.arn, ...contextOf(input.ContextEntries) };
  const policies = [...subject.policies, ...given(input.PolicyInputList)];
  const boundary = input.PermissionsBoundaryPolicyInputList?.[0] ?? subject.boundary;
  const documents = [...policies.map(({ document }) => document), boundary, input.ResourcePolicy].filter(
    (document) => document !== undefined,
  );
  const missing = missingKeys(documents, values);
  const results = (input.ActionNames ?? []).flatMap((action) =>
    resources.map((resource) => {
      const owner = resource.split(':')[4];
      const question: Question = {
        principal: subject.arn,
        action,
        resource,
        resourceAccountId: owner && /^\d{12}$/.test(owner) && input.ResourcePolicy ? owner : context.accountId,
        context: values,
        identityPolicies: policies.map(({ document }) => document),
        boundary,
        resourcePolicy: input.ResourcePolicy ?? keyPolicy(resource, context.accountId),
        serviceControlPolicies: subject.serviceControlPolicies,
        resourceControlPolicies: [],
      };
      return result(question, policies, { missing, asksBoundary: boundary !== undefined });
    }),
  );
  return page('EvaluationResults', results, input);
}

interface Asked {
  readonly missing: readonly string[];
  readonly asksBoundary: boolean;
}

function result(question: Question, policies: readonly NamedPolicy[], { missing, asksBoundary }: Asked) {
  const decision = decide(question);
  const { effect, because } = decision;
  return {
    EvalActionName: question.action,
    EvalResourceName: question.resource,
    EvalDecision: decisions[effect],
    MatchedStatements: matched(question, policies, decision),
    MissingContextValues: missing,
    ...(question.serviceControlPolicies.length > 0
      ? { OrganizationsDecisionDetail: { AllowedByOrganizations: because !== 'service control policy' } }
      : {}),
    ...(asksBoundary
      ? { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: because !== 'permissions boundary' } }
      : {}),
  };
}

/** The policies whose statements decided: of a denial those that deny by themselves, else those that allow. */
function matched(question: Question, policies: readonly NamedPolicy[], { effect }: Decision) {
  if (effect === 'ImplicitlyDenied') {
    return [];
  }
  const wanted = effect === 'Allowed' ? 'Allow' : 'Deny';
  return policies.flatMap(({ id, type, document }) => {
    if (!effectsOf(document).includes(wanted)) {
      return [];
    }
    const alone = { ...question, identityPolicies: [document], boundary: undefined, serviceControlPolicies: [] };
    return decide(alone).effect === effect ? [{ SourcePolicyId: id, SourcePolicyType: type, ...places(document) }] : [];
  });
}

function effectsOf(document: string): unknown[] {
  const statements = [parsePolicy(document).Statement].flat() as { Effect?: unknown }[];
  return statements.map((statement) => statement?.Effect);
}

/** Where the statements begin and end in the document, as far as the whole of them. */
function places(document: string) {
  const at = (offset: number) => {
    const lines = document.slice(0, offset).split('\n');
    return { Line: lines.length, Column: (lines.at(-1)?.length ?? 0) + 1 };
  };
  const start = document.indexOf('{', document.indexOf('"Statement"'));
  const end = document.lastIndexOf('}', document.lastIndexOf('}') - 1);
  return { StartPosition: at(Math.max(start, 0)), EndPosition: at(end + 1) };
}

/** Keys that conditions ask for and the call has no value for. */
function missingKeys(documents: readonly string[], values: Readonly<Record<string, unknown>>): string[] {
  const known = new Set(Object.keys(values).map((key) => key.toLowerCase()));
  return keysOfConditions(documents).filter((key) => !known.has(key.toLowerCase()));
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
  const policies = grants.policies.map((document, index) => ({
    id: `${entity.kind}_${entity.name}_${index + 1}`,
    type: 'IAM Policy',
    document,
  }));
  return { arn, policies, boundary: grants.boundary, serviceControlPolicies: guards };
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
      const documents = policies.map(({ document }) => document);
      return { ContextKeyNames: contextKeys([...documents, ...(input.PolicyInputList ?? [])]) };
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
