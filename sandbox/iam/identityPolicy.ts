import { malformed, parsePlain } from './documents';
import { checkActions, checkResources } from './policyElements';
import { checkSyntax, listOf, type StatementFields } from './policySyntax';

/** Values of `Date…` operators: seconds or milliseconds of an epoch, or a form of ISO 8601. */
const isoDate =
  /^[+-]?\d{2,}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?(t(\d{1,2}(:\d{2}(:\d{2}([.,]\d{1,9})?)?)?(z|[+-]\d{2}(:?\d{2})?)?)?)?$/i;

function isDate(text: string): boolean {
  if (/^[+-]?\d+$/.test(text)) {
    return BigInt(text) < 2n ** 63n && BigInt(text) >= -(2n ** 63n);
  }
  return isoDate.test(text);
}

/** What the parser of old took amiss, before anything else is looked at. */
function passesLegacyParsing({ Effect, Condition = {}, Resource, NotResource }: StatementFields): boolean {
  const dates = Object.entries(Condition as Record<string, Record<string, unknown>>)
    .filter(([operator]) => /(^|:)Date/i.test(operator))
    .flatMap(([, keys]) => Object.values(keys).flatMap(listOf));
  const resources = [Resource, NotResource].filter(
    (one): one is string => typeof one === 'string' && one.startsWith('arn:'),
  );
  return (
    (Effect === 'Allow' || Effect === 'Deny') &&
    dates.every((value) => isDate(String(value))) &&
    resources.every((arn) => (arn.split(':').length > 5 || !arn.includes('::')) && arn.split(':')[2] !== '')
  );
}

function checkSids(statements: readonly StatementFields[]): void {
  const seen = new Set<string>();
  for (const { Sid } of statements) {
    // An empty id is none.
    if (typeof Sid !== 'string' || Sid === '') {
      continue;
    }
    if (!/^[A-Za-z0-9]*$/.test(Sid)) {
      throw malformed(
        'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
      );
    }
    if (seen.has(Sid)) {
      throw malformed('Statement IDs (SID) in a single policy must be unique.');
    }
    seen.add(Sid);
  }
}

/**
 * Checks an identity policy, as `CreatePolicy`, `PutRolePolicy` and the others do, in the order in which IAM does.
 *
 * @param managed managed policies are of the newer version of the language; inline ones may be of the older
 * @throws ServiceError `MalformedPolicyDocument`
 */
export function checkIdentityPolicy(document: string | undefined, managed = false): void {
  const policy = parsePlain(document);
  const statements = checkSyntax(policy);
  if (managed && policy.Version !== '2012-10-17') {
    throw malformed('Policy document must be version 2012-10-17 or greater.');
  }
  if (!statements.every(passesLegacyParsing)) {
    throw malformed('The policy failed legacy parsing');
  }
  checkSids(statements);
  if (statements.some((statement) => 'Principal' in statement || 'NotPrincipal' in statement)) {
    throw malformed('Policy document should not specify a principal.');
  }
  for (const { Resource, NotResource } of statements) {
    checkResources([...listOf(Resource), ...listOf(NotResource)]);
  }
  for (const { Action, NotAction } of statements) {
    checkActions([...listOf(Action), ...listOf(NotAction)]);
  }
  if (statements.some(({ Resource, NotResource }) => [...listOf(Resource), ...listOf(NotResource)].length === 0)) {
    throw malformed('Policy statement must contain resources.');
  }
}
