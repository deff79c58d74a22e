import { z } from 'zod';

const ids = z.array(z.string());

const principal = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::(\d{12}|\*):(role|user)\/[\w+=,.@:*?/-]*[\w+=,.@-][\w+=,.@:*?/-]*$/,
    'must be the ARN of roles or users, such as arn:aws:iam::*:role/BreakGlass; * and ? stand for characters, but not for all of them',
  );

const target = z
  .string()
  .regex(
    /^(root|r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|\d{12}|[^\s/][^/]*(\/[^/]+)*)$/,
    'must be the path or id of an organizational unit, an account, or root',
  );

/**
 * The section `guardrails` of `garrison.yaml`: which guardrails of the catalog `garrison guardrails` writes, and whom
 * they leave alone. Which ids and parameters there are, the catalog knows: `guardrails/settings.ts` checks them.
 */
export const guardrailsSchema = z
  .strictObject({
    enabled: z
      .union([z.enum(['all', 'none']), ids])
      .default('none')
      .describe(
        'Guardrails that are written and attached: `all`, a list of ids, or `none`. `all` leaves out those that need a parameter until it is set.',
      ),
    disabled: ids.default([]).describe('Guardrails that are left out all the same.'),
    settings: z
      .record(z.string(), z.record(z.string(), z.array(z.string())))
      .default({})
      .describe('Parameters by guardrail: lists of texts. `garrison guardrails show ID` tells which there are.'),
    exempt: z
      .array(principal)
      .default([])
      .describe(
        "Roles and users that no guardrail stops, such as a break-glass role; Garrison's own need not be named. Nobody else can change these roles any more.",
      ),
    exemptions: z
      .record(z.string(), z.array(principal))
      .default({})
      .describe('Roles and users that one guardrail does not stop, by its id.'),
    targets: z
      .array(target)
      .default([])
      .describe(
        'Where they are to be in force: paths or ids of organizational units, accounts, or root. `plan` compares with it; only `attach --to` attaches.',
      ),
  })
  .prefault({});

/** The section `guardrails`, defaults filled in. */
export type GuardrailsConfiguration = z.output<typeof guardrailsSchema>;
