import { ServiceError } from '../core/errors';
import { entityByArn, type IamState } from './state';

type Plain = Record<string, unknown>;

export function malformed(message: string): ServiceError {
  return new ServiceError('MalformedPolicyDocument', message, 400);
}

/** Members that a statement may have. */
export const statementFields: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** A document as a JSON object. @throws ServiceError `MalformedPolicyDocument` */
export function parsePlain(document: string | undefined): Plain {
  let value: unknown;
  try {
    value = JSON.parse(document ?? '');
  } catch (cause) {
    const error = malformed(
      document?.trim().startsWith('{') ? 'This policy contains invalid Json' : 'Syntax errors in policy.',
    );
    error.cause = cause;
    throw error;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('Syntax errors in policy.');
  }
  return value as Plain;
}

function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function statementsOf(policy: Plain): Plain[] {
  const { Version } = policy;
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string');
  }
  if (!('Statement' in policy)) {
    throw malformed('Missing required field Statement');
  }
  const statements = listOf(policy.Statement);
  if (statements.length === 0) {
    throw malformed('Syntax errors in policy.');
  }
  for (const key of Object.keys(policy)) {
    if (!['Version', 'Id', 'Statement'].includes(key)) {
      throw malformed('Syntax errors in policy.');
    }
  }
  return statements.map(checkStatement);
}

function checkStatement(statement: unknown): Plain {
  if (typeof statement !== 'object' || statement === null) {
    throw malformed('Syntax errors in policy.');
  }
  const plain = statement as Plain;
  if (!('Effect' in plain)) {
    throw malformed('Missing required field Effect');
  }
  // Of trust policies IAM takes the word in any case.
  if (!/^(allow|deny)$/i.test(String(plain.Effect))) {
    throw malformed(`Invalid effect: ${plain.Effect}`);
  }
  for (const key of Object.keys(plain)) {
    if (!statementFields.has(key)) {
      throw malformed('Syntax errors in policy.');
    }
  }
  const actions = [...listOf(plain.Action), ...listOf(plain.NotAction)];
  if (actions.length === 0) {
    throw malformed('Policy statement must contain actions.');
  }
  for (const action of actions) {
    if (typeof action !== 'string' || (action !== '*' && !/^[\w*?-]+:[\w*?-]+$/.test(action))) {
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    }
  }
  if (plain.Condition !== undefined && (typeof plain.Condition !== 'object' || plain.Condition === null)) {
    throw malformed('Syntax errors in policy.');
  }
  return plain;
}

function checkSids(statements: readonly Plain[]): void {
  const seen = new Set<unknown>();
  for (const { Sid } of statements) {
    if (Sid === undefined) {
      continue;
    }
    if (seen.has(Sid)) {
      throw malformed('Statement IDs (SID) in a single policy must be unique.');
    }
    if (typeof Sid !== 'string' || !/^[A-Za-z0-9]*$/.test(Sid)) {
      throw malformed(
        `Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*`,
      );
    }
    seen.add(Sid);
  }
}

const trustActions =
  /^(sts:(AssumeRole|AssumeRoleWithSAML|AssumeRoleWithWebIdentity|TagSession|SetSourceIdentity|SetContext|\*|AssumeRole\*)|\*)$/i;

function invalidPrincipal(kind: string, value: unknown): ServiceError {
  return malformed(`Invalid principal in policy: "${kind}":"${value}"`);
}

/** The unique id of a user or role that the policy names; accounts have none. */
function checkAwsPrincipal(state: IamState, value: unknown): string | undefined {
  if (value === '*' || (typeof value === 'string' && /^\d{12}$/.test(value))) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw malformed('Syntax errors in policy.');
  }
  if (/^(AROA|AIDA)[A-Z0-9]+$/.test(value)) {
    return undefined;
  }
  if (new RegExp(`^arn:${state.partition}:iam::\\d{12}:root$`).test(value)) {
    return undefined;
  }
  if (new RegExp(`^arn:${state.partition}:sts::\\d{12}:(assumed-role|federated-user)/`).test(value)) {
    return undefined;
  }
  const found = entityByArn(state, value);
  if (!found) {
    throw invalidPrincipal('AWS', value);
  }
  return found.entity.id;
}

function checkPrincipal(state: IamState, principal: unknown, ids: Map<string, string>): void {
  if (principal === '*') {
    return;
  }
  if (typeof principal !== 'object' || principal === null) {
    throw malformed('Syntax errors in policy.');
  }
  for (const [kind, values] of Object.entries(principal)) {
    for (const value of listOf(values)) {
      if (kind === 'AWS') {
        const id = checkAwsPrincipal(state, value);
        if (id !== undefined) {
          ids.set(String(value), id);
        }
      } else if (kind === 'Service') {
        if (typeof value !== 'string' || !/^[\w.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/.test(value)) {
          throw invalidPrincipal('SERVICE', value);
        }
      } else if (kind !== 'Federated' && kind !== 'CanonicalUser') {
        throw malformed('Syntax errors in policy.');
      }
    }
  }
}

/**
 * Checks a trust policy and notes who the named users and roles are today.
 *
 * @returns unique ids by ARN
 * @throws ServiceError `MalformedPolicyDocument`
 */
export function checkTrustPolicy(state: IamState, document: string | undefined): Map<string, string> {
  const statements = statementsOf(parsePlain(document));
  checkSids(statements);
  const ids = new Map<string, string>();
  for (const statement of statements) {
    if ('Resource' in statement || 'NotResource' in statement) {
      throw malformed('Has prohibited field Resource');
    }
    if (!('Principal' in statement) && !('NotPrincipal' in statement)) {
      throw malformed('Missing required field Principal');
    }
    for (const action of listOf(statement.Action)) {
      if (!trustActions.test(String(action))) {
        throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
      }
    }
    checkPrincipal(state, statement.Principal ?? statement.NotPrincipal, ids);
  }
  return ids;
}

/** As IAM returns documents: encoded for URLs (RFC 3986). */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** IAM counts policies without white space. */
export function documentSize(document: string): number {
  return document.replace(/\s/g, '').length;
}
