import { z } from 'zod';

/** Longest name that IAM takes for a role. */
const roleNameLimit = 64;
const roleName = z.string().regex(/^[\w+=,.@-]{1,64}$/, 'must be 1 to 64 letters, digits or any of +=,.@_-');

const administrationRoleName = 'AWSCloudFormationStackSetAdministrationRole';
const executionRoleName = 'AWSCloudFormationStackSetExecutionRole';
const suffixLimit = roleNameLimit - `${administrationRoleName}For`.length;

/** The section `roles` of `garrison.yaml`. */
export const rolesSchema = z
  .strictObject({
    suffix: z
      .string()
      .regex(/^[\w+=,.@-]+$/, 'must be letters, digits or any of +=,.@_-')
      .max(suffixLimit, `must be at most ${suffixLimit} characters, for IAM's limit of ${roleNameLimit} on role names`)
      .default('Security')
      .describe("What follows `For` in the names of the security account's administration and execution roles."),
    path: z
      .string()
      .max(512)
      .regex(/^\/([\w+=,.@-]+\/)*$/, 'must begin and end with /, such as /garrison/')
      .default('/')
      .describe(
        'IAM path of the roles that Garrison creates; execution roles have none, as StackSets know them by their name alone.',
      ),
    permissions: z
      .enum(['least-privilege', 'administrator-access'])
      .default('least-privilege')
      .describe("What execution roles may do: only what Garrison's own templates need, or everything."),
    permissionsBoundary: z
      .string()
      .regex(
        /^(arn:aws[a-z-]*:iam::aws:policy\/)?([\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/,
        "must be the name (with its path, without a leading /) of a policy that stands in every account, or the ARN of one of AWS's own",
      )
      .optional()
      .describe('Permissions boundary of every role that Garrison creates: a policy that stands in every account.'),
    tags: z
      .record(
        z
          .string()
          .min(1)
          .max(128)
          .regex(/^(?!aws:)/i, 'must not begin with aws:'),
        z.string().max(256),
      )
      .default({})
      .describe('Tags of every role that Garrison creates, beside `garrison`.'),
    accountAccessRole: roleName
      .default('OrganizationAccountAccessRole')
      .describe('Role through which the management account reaches the others, such as AWSControlTowerExecution.'),
    operators: z
      .array(z.string().regex(/^arn:aws[a-z-]*:(iam|sts)::\d{12}:.+$/, 'must be the ARN of a principal'))
      .min(1)
      .optional()
      .describe('Principals that may become the operator role. Left out: whoever the security account allows it.'),
    names: z
      .strictObject({
        administration: roleName.default(administrationRoleName),
        execution: roleName.default(executionRoleName),
        securityAdministration: roleName.optional(),
        securityExecution: roleName.optional(),
        operator: roleName.default('GarrisonOperator'),
        member: roleName.default('GarrisonMember'),
      })
      .prefault({})
      .describe('Role names where they must differ from the default.'),
  })
  .prefault({});

/** The section `roles`, defaults filled in. */
export type RolesConfiguration = z.output<typeof rolesSchema>;

/** Names of the six kinds of roles, as they stand in IAM. */
export interface RoleNames {
  /** The management account's pair. */
  readonly management: PairNames;
  /** The security account's pair. */
  readonly security: PairNames;
  readonly operator: string;
  readonly member: string;
}

/** An administration role and the only execution role that it may assume. */
export interface PairNames {
  readonly administration: string;
  readonly execution: string;
}

/** The names that the configuration gives to the roles. */
export function roleNames({ names, suffix }: Pick<RolesConfiguration, 'names' | 'suffix'>): RoleNames {
  return {
    management: { administration: names.administration, execution: names.execution },
    security: {
      administration: names.securityAdministration ?? `${administrationRoleName}For${suffix}`,
      execution: names.securityExecution ?? `${executionRoleName}For${suffix}`,
    },
    operator: names.operator,
    member: names.member,
  };
}

/** Names of the roles through which a rollout makes its changes. */
export function rolloutRoleNames(configuration: Pick<RolesConfiguration, 'names' | 'suffix'>): string[] {
  const { management, security, operator, member } = roleNames(configuration);
  return [operator, member, ...Object.values(management), ...Object.values(security)];
}

/** ARN of a role that Garrison creates. `accountId` may be `*` in a policy. */
export function roleArn(
  role: { readonly partition: string; readonly accountId: string; readonly name: string },
  { path }: Pick<RolesConfiguration, 'path'>,
): string {
  return `arn:${role.partition}:iam::${role.accountId}:role${path}${role.name}`;
}

/** ARN of the permissions boundary in an account, if there is one. `accountId` may be a CloudFormation reference. */
export function permissionsBoundaryArn(
  account: { readonly partition: string; readonly accountId: string },
  { permissionsBoundary }: Pick<RolesConfiguration, 'permissionsBoundary'>,
): string | undefined {
  if (permissionsBoundary === undefined || permissionsBoundary.startsWith('arn:')) {
    return permissionsBoundary;
  }
  return `arn:${account.partition}:iam::${account.accountId}:policy/${permissionsBoundary}`;
}
