import { z } from 'zod';

/**
 * What `garrison verify --json` prints. Members are only ever added, so that nothing here is closed: scripts ignore what
 * they do not know.
 */

const accountId = z.string().regex(/^\d{12}$/);

const cell = z.looseObject({
  accountId,
  region: z.string(),
  state: z
    .enum(['guarded', 'not-guarded', 'unknown', 'out-of-reach'])
    .describe('unknown: could not be read, and never counts as guarded. out-of-reach: nothing can run there.'),
  route: z
    .enum(['organization', 'invitation', 'policy'])
    .optional()
    .describe('How the account is or becomes a member; absent for the administrator, and where it is not known.'),
  code: z.string().optional().describe('The reason, for scripts; absent when guarded.'),
  reason: z.string().optional(),
  remedy: z.string().optional(),
});

const stack = z.looseObject({ action: z.enum(['create', 'update', 'recreate', 'none']) });

const stackSetCell = z.looseObject({
  accountId,
  region: z.string(),
  action: z.enum(['create', 'update', 'delete', 'adopted', 'blocked']),
  reason: z.string().optional(),
  remedy: z.string().optional(),
});

const change = z.looseObject({ kind: z.string().describe('Names the change.'), region: z.string() });

const policies = z.looseObject({
  changes: z.array(z.looseObject({ kind: z.string() })),
  problems: z.array(z.looseObject({ code: z.string(), reason: z.string(), remedy: z.string() })),
});

const drift = z.looseObject({
  stackSet: z.string(),
  drifted: z.array(z.unknown()),
  unchecked: z.array(z.looseObject({ accountId, region: z.string(), reason: z.string().optional() })),
});

/** The document that `garrison verify --json` prints, on one line. */
export const verifySchema = z.looseObject({
  ok: z.boolean().describe('Nothing to do, and every reachable cell is guarded: exit code 0, else 2.'),
  summary: z.string().describe('For people.'),
  cells: z
    .array(cell)
    .describe('One for each account and region: the administrator first, then in the order of accounts.csv.'),
  stack: stack.describe('What apply would change in the stack garrison-security.'),
  record: stack.optional().describe('With the attestation: the same of the stack garrison-record.'),
  findings: stack
    .optional()
    .describe('Where findings are exported to a bucket that Garrison makes: the same of the stack garrison-findings.'),
  stackSets: z
    .array(z.looseObject({ stackSet: z.string(), exists: z.boolean(), cells: z.array(stackSetCell) }))
    .describe('What apply would change in stack instances; those that stay are left out.'),
  members: z.array(change).describe('What apply would change in GuardDuty.'),
  policies: policies
    .optional()
    .describe('With `route: policy`: what apply would change in the organization, and cannot.'),
  blocked: z
    .array(
      z.looseObject({
        accountId,
        region: z.string(),
        code: z.string(),
        reason: z.string(),
        remedy: z.string(),
        state: z.enum(['not-guarded', 'unread']),
      }),
    )
    .describe('Cells that no change of ours can guard.'),
  notes: z
    .array(z.looseObject({ accountId, region: z.string(), plan: z.string(), code: z.string() }))
    .describe('What is wanted and not set.'),
  links: z
    .array(z.looseObject({ accountId, state: z.enum(['open', 'done']) }))
    .describe('Accounts bootstrapped by a link.'),
  drift: z.array(drift).optional().describe('With --drift.'),
});

/** The same as JSON Schema. */
export function verifyJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(verifySchema, { unrepresentable: 'any' });
  return { $schema, title: 'garrison verify --json', ...schema };
}
