import { z } from 'zod';

const accountId = z.string().regex(/^\d{12}$/, 'must be 12 digits, in quotes so that leading zeros stay');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region, such as eu-central-1');

/** Names under which Garrison's own stack sets go, without their prefix. */
const reserved = new Set(['member-roles', 'detectors', 'event-rules', 'detection-rules', 'responder-roles']);

/** Templates of one's own that are rolled out like Garrison's. */
const ownStackSet = z.strictObject({
  template: z.string().min(1).describe('CloudFormation template, JSON or YAML; a path from where garrison.yaml lies.'),
  description: z.string().max(1_024).optional(),
  accounts: z
    .union([z.literal('all'), z.array(accountId).min(1)])
    .default('all')
    .describe('Accounts that get an instance, beside those of `organizationalUnits`.'),
  organizationalUnits: z
    .array(z.string().min(1))
    .optional()
    .describe('Instead of all accounts: those below these units, by their paths in accounts.csv.'),
  regions: z
    .union([z.enum(['home', 'all']), z.array(region).min(1)])
    .default('home')
    .describe('The home region, all that are guarded, or a list.'),
  parameters: z
    .record(z.string().regex(/^[A-Za-z0-9]+$/, 'must be the name of a parameter'), z.string())
    .default({})
    .describe("Values of the template's parameters, for every account."),
  columns: z
    .record(z.string().regex(/^[A-Za-z0-9]+$/, 'must be the name of a parameter'), z.string().min(1))
    .default({})
    .describe(
      'Parameters that take their value for an account from a column of accounts.csv; where the column is empty, the general value holds.',
    ),
  permissions: z
    .array(
      z.strictObject({
        sid: z
          .string()
          .regex(/^[A-Za-z0-9]+$/, 'must be letters and digits')
          .describe('What the statement is for; part of its id in the policy.'),
        actions: z
          .array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9*?]+$/, 'must be an action, such as ssm:PutParameter'))
          .min(1),
        resources: z
          .array(z.string().regex(/^(\*|arn:.+)$/, 'must be an ARN'))
          .min(1)
          .describe('ARNs; AWS::AccountId in a dollar sign and braces stands for the account.'),
      }),
    )
    .default([])
    .describe(
      "What the security account's execution role may do for this template beside Garrison's own. Comes into force with `bootstrap`.",
    ),
});

/** The section `stackSets` of `garrison.yaml`: by name, which is rolled out as `garrison-<name>`. */
export const stackSetsSchema = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,80}$/, 'must be small letters, digits and dashes')
      .refine((name) => !reserved.has(name), "is the name of a stack set of Garrison's own"),
    ownStackSet,
  )
  .default({})
  .describe("Templates of your own, rolled out to accounts and regions like Garrison's.");

/** The section `stackSets`, defaults filled in. */
export type StackSetsConfiguration = z.output<typeof stackSetsSchema>;
