import type { CallContext } from '../core/service';
import { organizationsError } from './errors';
import type { Membership, Organization, OrganizationsState } from './state';

/** The caller's organization, when the caller is its management account or its policy lets the caller in. */
export function asManagement(state: OrganizationsState, context: CallContext, operation: string): Organization {
  const organization = state.required(context);
  if (organization.managementAccountId !== context.accountId && !delegatedByPolicy(organization, context, operation)) {
    throw organizationsError('AccessDeniedException');
  }
  return organization;
}

/** For reads: delegated administrators of any service may, too. */
export function asReader(state: OrganizationsState, context: CallContext, operation: string): Organization {
  const organization = state.required(context);
  const node = organization.nodes.get(context.accountId) as Membership | undefined;
  return (node?.delegations.size ?? 0) > 0 ? organization : asManagement(state, context, operation);
}

interface Statement {
  readonly Effect?: string;
  readonly Principal?: '*' | { readonly AWS?: string | readonly string[] };
  readonly Action?: string | readonly string[];
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : (value ?? []);

/** Whether the organization's resource policy allows the caller's account the operation. */
function delegatedByPolicy(organization: Organization, context: CallContext, operation: string): boolean {
  const document = JSON.parse(organization.resourcePolicy?.content ?? '{}') as { Statement?: Statement | Statement[] };
  const statements = [document.Statement ?? []].flat();
  return statements.some(
    (statement) =>
      statement.Effect === 'Allow' && names(statement, context) && list(statement.Action).some(allows(operation)),
  );
}

function names(statement: Statement, context: CallContext): boolean {
  const principals = statement.Principal === '*' ? ['*'] : list(statement.Principal?.AWS);
  const own = ['*', context.accountId, context.caller.arn, context.caller.roleArn];
  return principals.some(
    (principal) => own.includes(principal) || principal.endsWith(`:iam::${context.accountId}:root`),
  );
}

function allows(operation: string): (action: string) => boolean {
  return (action) => {
    const pattern = action.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
    return new RegExp(`^${pattern}$`, 'i').test(`organizations:${operation}`);
  };
}
