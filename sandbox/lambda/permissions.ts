import { randomUUID } from 'node:crypto';
import type { AddPermissionRequest, RemovePermissionRequest } from '@aws-sdk/client-lambda';
import type { Handler } from '../core/service';
import { conflict, type Functions, notFound, type Resolved, type Statement } from './state';

/** The resource policy of a function or one of its qualifiers, as JSON. */
export function policyOf({ fn, qualifier }: Resolved): string | undefined {
  const statements = fn.policies.get(qualifier === '$LATEST' ? '' : (qualifier ?? '')) ?? [];
  return statements.length === 0
    ? undefined
    : JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}

function principalOf(principal: string, partition: string): unknown {
  if (principal === '*') {
    return '*';
  }
  if (/^\d{12}$/.test(principal)) {
    return { AWS: `arn:${partition}:iam::${principal}:root` };
  }
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

function conditionOf(input: AddPermissionRequest): Statement['Condition'] {
  const stringEquals: Record<string, string> = {};
  if (input.SourceAccount) {
    stringEquals['AWS:SourceAccount'] = input.SourceAccount;
  }
  if (input.PrincipalOrgID) {
    stringEquals['aws:PrincipalOrgID'] = input.PrincipalOrgID;
  }
  if (input.FunctionUrlAuthType) {
    stringEquals['lambda:FunctionUrlAuthType'] = input.FunctionUrlAuthType;
  }
  if (input.EventSourceToken) {
    stringEquals['lambda:EventSourceToken'] = input.EventSourceToken;
  }
  const condition: Record<string, Record<string, string>> = {};
  if (input.InvokedViaFunctionUrl) {
    condition.Bool = { 'lambda:InvokedViaFunctionUrl': 'true' };
  }
  if (Object.keys(stringEquals).length > 0) {
    condition.StringEquals = stringEquals;
  }
  if (input.SourceArn) {
    condition.ArnLike = { 'AWS:SourceArn': input.SourceArn };
  }
  return Object.keys(condition).length > 0 ? condition : undefined;
}

function addPermission(functions: Functions): Handler {
  return (input: AddPermissionRequest, context) => {
    const { fn, qualifier } = functions.resolve(input.FunctionName, input.Qualifier, context);
    const key = qualifier === '$LATEST' ? '' : (qualifier ?? '');
    const statements = fn.policies.get(key) ?? [];
    if (statements.some((statement) => statement.Sid === input.StatementId)) {
      throw conflict(
        `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    }
    const statement: Statement = {
      Sid: input.StatementId ?? '',
      Effect: 'Allow',
      Principal: principalOf(input.Principal ?? '', context.world.partition),
      Action: input.Action ?? '',
      Resource: key ? `${fn.arn}:${key}` : fn.arn,
      ...(conditionOf(input) ? { Condition: conditionOf(input) } : {}),
    };
    fn.policies.set(key, [...statements, statement]);
    fn.latest.configuration.RevisionId = randomUUID();
    return { Statement: JSON.stringify(statement) };
  };
}

/** AddPermission, RemovePermission, GetPolicy. */
export function permissionOperations(functions: Functions): Record<string, Handler> {
  return {
    AddPermission: addPermission(functions),
    RemovePermission: (input: RemovePermissionRequest, context) => {
      const { fn, qualifier } = functions.resolve(input.FunctionName, input.Qualifier, context);
      const key = qualifier === '$LATEST' ? '' : (qualifier ?? '');
      const statements = fn.policies.get(key) ?? [];
      const kept = statements.filter((statement) => statement.Sid !== input.StatementId);
      if (kept.length === statements.length) {
        throw notFound(
          statements.length === 0
            ? 'No policy is associated with the given resource.'
            : `Statement ${input.StatementId} is not found in resource policy.`,
        );
      }
      fn.policies.set(key, kept);
    },
    GetPolicy: (input, context) => {
      const target = functions.resolve(input.FunctionName, input.Qualifier, context);
      const Policy = policyOf(target);
      if (!Policy) {
        throw notFound('The resource you requested does not exist.');
      }
      return { Policy, RevisionId: target.version.configuration.RevisionId };
    },
  };
}
