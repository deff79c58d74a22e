import { malformed, statementFields } from './documents';

/** A statement whose members are of the right types. */
export interface StatementFields {
  readonly Sid?: unknown;
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
}

type Plain = Record<string, unknown>;

const operator =
  /^((forallvalues|foranyvalue):)?((string(not)?equals(ignorecase)?|string(not)?like|numeric(not)?equals|numeric(less|greater)than(equals)?|date(not)?equals|date(less|greater)than(equals)?|bool|binaryequals|(not)?ipaddress|arn(not)?(equals|like))(ifexists)?|null)$/i;

const syntax = () => malformed('Syntax errors in policy.');

export function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The statements of a document in which everything is of the right type. @throws ServiceError `MalformedPolicyDocument` */
export function checkSyntax(policy: Plain): StatementFields[] {
  const { Version, Id, Statement } = policy;
  const statements = listOf(Statement);
  if (
    Object.keys(policy).some((key) => !['Version', 'Id', 'Statement'].includes(key)) ||
    (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') ||
    (Id !== undefined && typeof Id !== 'string') ||
    statements.length === 0 ||
    !statements.every(isStatement)
  ) {
    throw syntax();
  }
  return statements as StatementFields[];
}

function isStatement(statement: unknown): boolean {
  return (
    isPlain(statement) &&
    Object.keys(statement).every((key) => statementFields.has(key)) &&
    typeof statement.Effect === 'string' &&
    /^(allow|deny)$/i.test(statement.Effect) &&
    (statement.Sid === undefined || typeof statement.Sid === 'string') &&
    !('Action' in statement && 'NotAction' in statement) &&
    !('Resource' in statement && 'NotResource' in statement) &&
    ['Action', 'NotAction', 'Resource', 'NotResource'].every((key) => areTexts(statement[key])) &&
    areConditions(statement.Condition)
  );
}

function areTexts(value: unknown): boolean {
  return listOf(value).every((text) => typeof text === 'string' || text === null);
}

function areConditions(value: unknown): boolean {
  if (value === undefined) {
    return true;
  }
  return (
    isPlain(value) &&
    Object.entries(value).every(
      ([name, keys]) =>
        isPlain(keys) &&
        // Nobody minds what is asked about nothing.
        (operator.test(name) || Object.keys(keys).length === 0) &&
        Object.values(keys).every((values) => listOf(values).every(isScalar)),
    )
  );
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
