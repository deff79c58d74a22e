import { ServiceError } from '../core/errors';

/** What the API reference asks of one member of a request. */
interface Rule {
  /** Pattern in AWS's own notation, told in the refusal. */
  readonly pattern?: string;
  /** Lengths of texts and lists, values of numbers. */
  readonly least?: number;
  readonly most?: number;
}

/** Member by path; `[]` stands for every item of a list. */
type Rules = Readonly<Record<string, Rule>>;

const arnRule: Rule = {
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+',
  least: 20,
  most: 2_048,
};
const nameRule: Rule = { pattern: '[\\w+=,.@-]*', least: 2, most: 64 };
const tagPattern = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]';
const tagRules: Rules = {
  Tags: { most: 50 },
  'Tags[].Key': { pattern: `${tagPattern}+`, least: 1, most: 128 },
  'Tags[].Value': { pattern: `${tagPattern}*`, most: 256 },
};
const policyRules: Rules = {
  'PolicyArns[].arn': arnRule,
  PolicyArns: { most: 10 },
  Policy: { pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+', least: 1, most: 2_048 },
};
const deviceRules: Rules = {
  SerialNumber: { pattern: '[\\w+=/:,.@-]*', least: 9, most: 256 },
  TokenCode: { pattern: '[\\d]*', least: 6, most: 6 },
};
const roleDuration: Rules = { DurationSeconds: { least: 900, most: 43_200 } };
const userDuration: Rules = { DurationSeconds: { least: 900, most: 129_600 } };

/** Source: the API reference of 2025. */
const rules: Readonly<Record<string, Rules>> = {
  AssumeRole: {
    RoleArn: arnRule,
    RoleSessionName: nameRule,
    ...policyRules,
    ...roleDuration,
    ...tagRules,
    TransitiveTagKeys: { most: 50 },
    'TransitiveTagKeys[]': { pattern: `${tagPattern}+`, least: 1, most: 128 },
    ExternalId: { pattern: '[\\w+=,.@:\\/-]*', least: 2, most: 1_224 },
    ...deviceRules,
    SourceIdentity: nameRule,
    ProvidedContexts: { least: 1, most: 5 },
    'ProvidedContexts[].ProviderArn': arnRule,
    'ProvidedContexts[].ContextAssertion': { least: 4, most: 2_048 },
  },
  AssumeRoleWithSAML: {
    RoleArn: arnRule,
    PrincipalArn: arnRule,
    SAMLAssertion: { least: 4, most: 100_000 },
    ...policyRules,
    ...roleDuration,
  },
  AssumeRoleWithWebIdentity: {
    RoleArn: arnRule,
    RoleSessionName: nameRule,
    WebIdentityToken: { least: 4, most: 20_000 },
    ProviderId: { least: 4, most: 2_048 },
    ...policyRules,
    ...roleDuration,
  },
  AssumeRoot: {
    TargetPrincipal: { least: 12, most: 2_048 },
    'TaskPolicyArn.arn': arnRule,
    DurationSeconds: { least: 0, most: 900 },
  },
  DecodeAuthorizationMessage: { EncodedMessage: { least: 1, most: 10_240 } },
  GetAccessKeyInfo: { AccessKeyId: { pattern: '[\\w]*', least: 16, most: 128 } },
  GetFederationToken: { Name: { ...nameRule, most: 32 }, ...policyRules, ...userDuration, ...tagRules },
  GetSessionToken: { ...userDuration, ...deviceRules },
  GetWebIdentityToken: {
    Audience: { least: 1, most: 10 },
    'Audience[]': { least: 1, most: 1_000 },
    DurationSeconds: { least: 60, most: 3_600 },
    SigningAlgorithm: { least: 5, most: 5 },
    ...tagRules,
  },
};

/** Every value at a path, with its place as AWS names it: `tags.1.member.key`. */
function valuesAt(value: unknown, path: string, place = ''): { readonly value: unknown; readonly place: string }[] {
  if (value === undefined || value === null) {
    return [];
  }
  if (path === '') {
    return [{ value, place }];
  }
  if (path.startsWith('[]')) {
    const rest = path.slice(2).replace(/^\./, '');
    const items = Array.isArray(value) ? value : [];
    return items.flatMap((item, index) => valuesAt(item, rest, `${place}.${index + 1}.member`));
  }
  const [, name = '', rest = ''] = /^(\w+)\.?(.*)$/.exec(path) ?? [];
  const here = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return valuesAt((value as Record<string, unknown>)[name], rest, place ? `${place}.${here}` : here);
}

const expressions = new Map<string, RegExp>();

function matches(text: string, pattern: string): boolean {
  let expression = expressions.get(pattern);
  if (!expression) {
    const readable = pattern.replace('\\u10000-\\u10FFFF', '\\u{10000}-\\u{10FFFF}').replace('\\-@', '\\x2d@');
    // With Unicode classes a hyphen at the end needs its own escape.
    expression = new RegExp(`^(?:${readable.replace(/-\]/g, '\\x2d]')})$`, 'u');
    expressions.set(pattern, expression);
  }
  return expression.test(text);
}

function broken(value: unknown, rule: Rule): string[] {
  const number = typeof value === 'number';
  const size = number ? value : ((value as { length?: number }).length ?? 0);
  const what = number ? 'value' : 'length';
  return [
    typeof value === 'string' && rule.pattern && !matches(value, rule.pattern)
      ? `satisfy regular expression pattern: ${rule.pattern}`
      : '',
    rule.least !== undefined && size < rule.least ? `have ${what} greater than or equal to ${rule.least}` : '',
    rule.most !== undefined && size > rule.most ? `have ${what} less than or equal to ${rule.most}` : '',
  ].filter((each) => each !== '');
}

const shown = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/**
 * Holds a request to the API reference's lengths, values and patterns; all that is wrong is told at once.
 * @throws ServiceError `ValidationError`
 */
export function checkConstraints(operation: string, input: unknown): void {
  const found = Object.entries(rules[operation] ?? {}).flatMap(([path, rule]) =>
    valuesAt(input ?? {}, path).flatMap(({ value, place }) =>
      broken(value, rule).map(
        (must) => `Value '${shown(value)}' at '${place}' failed to satisfy constraint: Member must ${must}`,
      ),
    ),
  );
  if (found.length > 0) {
    const count = `${found.length} validation error${found.length > 1 ? 's' : ''} detected`;
    throw new ServiceError('ValidationError', `${count}: ${found.join('; ')}`, 400);
  }
}
