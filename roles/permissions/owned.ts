import type { RoleContext } from '../context';
import { notifierRoleName, responderFunctionRoleName } from '../names';

/** Names of what the stack `garrison-security` holds, with the features that are on. */
export interface Owned {
  readonly queues: readonly string[];
  readonly tables: readonly string[];
  readonly functions: readonly string[];
  /** Roles that functions run as. */
  readonly functionRoles: readonly string[];
}

const always: Owned = {
  queues: ['garrison-alerts', 'garrison-alerts-dead-letter'],
  tables: ['garrison-alerts'],
  functions: ['garrison-notifier'],
  functionRoles: [notifierRoleName],
};

const responders: Owned = {
  queues: ['garrison-responses', 'garrison-responses-dead-letter'],
  tables: ['garrison-responses'],
  functions: ['garrison-responder'],
  functionRoles: [responderFunctionRoleName],
};

/** What the operator's statements are held to: a feature that is off adds no name. */
export function ownedBy(context: RoleContext): Owned {
  const parts = [always, ...(context.responders ? [responders] : [])];
  return {
    queues: parts.flatMap(({ queues }) => queues),
    tables: parts.flatMap(({ tables }) => tables),
    functions: parts.flatMap(({ functions }) => functions),
    functionRoles: parts.flatMap(({ functionRoles }) => functionRoles),
  };
}
