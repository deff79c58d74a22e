import type { DeployedRole, RoleStatement } from './template';

/** Calls that a role has to be able to make: all of the actions on the resource, under these values of condition keys. */
export interface SimulationCase {
  readonly role: DeployedRole;
  /** Id of the statement that allows them. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

/**
 * What a role's policies allow, as calls to try. The values that the policies leave open are the least favourable: an
 * address that is on nobody's list, and a region that may not be used otherwise.
 */
export function casesOf(role: DeployedRole, anyRegion: string): SimulationCase[] {
  return role.statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) =>
      list(statement.Resource).map((pattern) => {
        const resource = exampleArn(pattern, role, anyRegion);
        return {
          role,
          sid: statement.Sid ?? '',
          actions: list(statement.Action),
          resource,
          context: {
            'aws:PrincipalArn': role.arn,
            'aws:PrincipalAccount': role.accountId,
            'aws:PrincipalIsAWSService': 'false',
            'aws:ViaAWSService': 'false',
            'aws:SourceIp': unlistedAddress,
            'aws:RequestedRegion': resource.split(':')[3] || (isService(role) ? role.region : anyRegion),
            ...conditionValues(statement),
          },
        };
      }),
    );
}

/** A documentation address. Source: RFC 5737. */
const unlistedAddress = '192.0.2.1';

/** Roles of functions and rules work where their stack stands; the others in every guarded region. */
function isService({ name }: DeployedRole): boolean {
  return name.startsWith('garrison-');
}

/** One ARN of those that a pattern stands for. */
function exampleArn(pattern: string, { accountId }: DeployedRole, region: string): string {
  if (pattern === '*') {
    return pattern;
  }
  const parts = pattern.split(':');
  return parts
    .map((part, index) =>
      index === 3 && part === '*' ? region : index === 4 && part === '*' ? accountId : example(part),
    )
    .join(':');
}

function example(text: string): string {
  return text.replace(/\*/g, 'example').replace(/\?/g, 'x');
}

/** Values with which a statement's own conditions hold. */
function conditionValues({ Condition = {} }: RoleStatement): Record<string, string> {
  const entries = Object.entries(Condition).flatMap(([operator, keys]) =>
    /Not|Null/.test(operator)
      ? []
      : Object.entries(keys).map(([key, values]) => [key, example(String([values].flat()[0] ?? ''))] as const),
  );
  return Object.fromEntries(entries);
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : [value].flat();
}
