import type { ContextEntry, SimulateCustomPolicyRequest } from '@aws-sdk/client-iam';
import { type Decision, decide, type Effect, effectOf, type Question } from '../core/decision';
import { mayConcern } from '../core/policyDocuments';
import type { CallContext } from '../core/service';
import { keysOfConditions } from './contextKeys';
import { statementSpans } from './statementSpans';

/** A policy and the name under which the simulator speaks of it. */
export interface NamedPolicy {
  readonly id: string;
  readonly document: string;
}

/** Whose calls are simulated. */
export interface Subject {
  readonly arn: string;
  readonly policies: readonly NamedPolicy[];
  readonly boundary?: string;
  readonly serviceControlPolicies: readonly (readonly string[])[];
  /** Of a principal in an organization: whether the organization would allow it is told. */
  readonly inOrganization: boolean;
}

const decisions = { Allowed: 'allowed', ImplicitlyDenied: 'implicitDeny', ExplicitlyDenied: 'explicitDeny' } as const;
type Outcome = (typeof decisions)[Effect];

/** What came of one action on one resource. */
interface Simulated {
  readonly resource: string;
  readonly decision: Decision;
  readonly outcome: Outcome;
  readonly matched: readonly Record<string, unknown>[];
}

/** One result for each action, with one for each resource in it where resources are named. */
export function simulate(
  subject: Subject,
  input: SimulateCustomPolicyRequest,
  context: CallContext,
): Record<string, unknown>[] {
  const policies = [...subject.policies, ...given(input.PolicyInputList)];
  const boundary = input.PermissionsBoundaryPolicyInputList?.[0] ?? subject.boundary;
  const values = { 'aws:PrincipalArn': subject.arn, ...contextOf(input.ContextEntries) };
  const documents = [...policies.map(({ document }) => document), boundary, input.ResourcePolicy];
  const missing = missingKeys(
    documents.filter((document) => document !== undefined),
    values,
  );
  const named = input.ResourceArns ?? [];
  const one = (action: string, resource: string): Simulated => {
    const owner = input.ResourcePolicy && /^\d{12}$/.exec(resource.split(':')[4] ?? '')?.[0];
    const question: Question = {
      principal: subject.arn,
      action,
      resource,
      resourceAccountId: owner || context.accountId,
      context: values,
      identityPolicies: policies.map(({ document }) => document),
      boundary,
      resourcePolicy: input.ResourcePolicy ?? keyPolicy(resource, context.accountId),
      serviceControlPolicies: subject.serviceControlPolicies,
      resourceControlPolicies: [],
    };
    const decision = decide(question);
    return { resource, decision, outcome: decisions[decision.effect], matched: matched(question, policies, decision) };
  };
  return (input.ActionNames ?? []).map((action) => {
    const simulated = (named.length > 0 ? named : ['*']).map((resource) => one(action, resource));
    return result(action, simulated, { named: named.length > 0, missing, subject, bounded: boundary !== undefined });
  });
}

interface Telling {
  readonly named: boolean;
  readonly missing: readonly string[];
  readonly subject: Subject;
  readonly bounded: boolean;
}

const gravity: readonly Outcome[] = ['allowed', 'implicitDeny', 'explicitDeny'];

function result(action: string, simulated: readonly Simulated[], { named, missing, subject, bounded }: Telling) {
  const [worst] = [...simulated].sort((one, other) => gravity.indexOf(other.outcome) - gravity.indexOf(one.outcome));
  const [only, ...others] = simulated as readonly [Simulated, ...Simulated[]];
  const because = simulated.map(({ decision }) => decision.because);
  const boundaryDetail = bounded && {
    PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: !because.includes('permissions boundary') },
  };
  return {
    EvalActionName: action,
    EvalResourceName: others.length > 0 ? '*' : only.resource,
    EvalDecision: (worst ?? only).outcome,
    MatchedStatements: others.length > 0 ? [] : only.matched,
    // Where resources are named, what is missing is told of each.
    MissingContextValues: named ? [] : missing,
    ...(subject.inOrganization
      ? { OrganizationsDecisionDetail: { AllowedByOrganizations: !because.includes('service control policy') } }
      : {}),
    ...boundaryDetail,
    ...(named
      ? {
          ResourceSpecificResults: simulated.map(({ resource, outcome, matched: statements }) => ({
            EvalResourceName: resource,
            EvalResourceDecision: outcome,
            MatchedStatements: statements,
            MissingContextValues: missing,
            ...boundaryDetail,
          })),
        }
      : {}),
  };
}

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
  return (documents ?? []).map((document, index) => ({ id: `PolicyInputList.${index + 1}`, document }));
}

/** The simulator takes no policies of keys: it answers as if the key left the matter to IAM. */
function keyPolicy(resource: string, accountId: string): string | undefined {
  const Statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  return /^arn:[^:]+:kms:[^:]*:[^:]*:key\//.test(resource)
    ? JSON.stringify({ Version: '2012-10-17', Statement })
    : undefined;
}

/** The statements that decided: those that deny by themselves, else those that allow. */
function matched(question: Question, policies: readonly NamedPolicy[], { effect }: Decision) {
  if (effect === 'ImplicitlyDenied') {
    return [];
  }
  const wanted = effect === 'Allowed' ? 'Allow' : 'Deny';
  return policies.flatMap(({ id, document }) =>
    statementSpans(document)
      .filter(
        ({ statement }) =>
          (statement as { Effect?: unknown }).Effect === wanted &&
          mayConcern(statement, question.action) &&
          decides(statement, question, effect),
      )
      .map(({ start, end }) => ({
        SourcePolicyId: id,
        SourcePolicyType: 'IAM Policy',
        StartPosition: start,
        EndPosition: end,
      })),
  );
}

function decides(statement: unknown, question: Question, effect: Effect): boolean {
  const alone = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  return (
    effectOf({ ...question, identityPolicies: [alone], boundary: undefined, serviceControlPolicies: [] }) === effect
  );
}

/** Keys that conditions ask for and the call has no value for. */
function missingKeys(documents: readonly string[], values: Readonly<Record<string, unknown>>): string[] {
  const known = new Set(Object.keys(values).map((key) => key.toLowerCase()));
  return keysOfConditions(documents).filter((key) => !known.has(key.toLowerCase()));
}
