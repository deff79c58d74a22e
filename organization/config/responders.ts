import { z } from 'zod';
import { unitPath } from '../unitPaths';

/** Responders and the strategies that each knows beside `notify`. `responders/` holds one file for each. */
const responderStrategies = {
  'opened-security-group': ['revoke', 'quarantine'],
  'unapproved-image': ['terminate', 'stop', 'isolate'],
  'guard-switched-off': ['restore'],
  'exposed-access-key': ['deactivate'],
  'removed-objects': ['restore'],
} as const;

export type ResponderId = keyof typeof responderStrategies;

const ids = Object.keys(responderStrategies) as [ResponderId, ...ResponderId[]];
const responderId = z.enum(ids);
const strategies = ['notify', ...new Set(Object.values(responderStrategies).flat())] as const;
const accountId = z.string().regex(/^\d{12}$/, 'must be 12 digits, in quotes so that leading zeros stay');
const unit = z.string().transform(unitPath);
const tags = z.record(z.string().min(1).max(128), z.string().max(256));
const minutes = (most: number) => z.int().min(1).max(most);

const enforcementSchema = z
  .strictObject({
    responders: z.array(responderId).min(1),
    strategy: z.enum(strategies),
    accounts: z.array(accountId).min(1).optional(),
    ous: z
      .array(unit)
      .min(1)
      .optional()
      .describe('Organizational units, as in the column ou; each stands for those below it, too.'),
    tags: tags
      .optional()
      .describe('Tags of the resource, all of which must be there; * in a value stands for any characters.'),
    approval: z.boolean().default(false).describe('Ask in Slack first, and wait for a person to approve.'),
  })
  .superRefine(({ responders, strategy, accounts, ous, tags }, context) => {
    if (!accounts && !ous && !tags) {
      context.addIssue({ code: 'custom', message: 'must name accounts, ous or tags: nothing is enforced everywhere' });
    }
    responders.forEach((id, index) => {
      const known: readonly string[] = responderStrategies[id];
      if (strategy !== 'notify' && !known.includes(strategy)) {
        const message = `does not know the strategy ${strategy}, but ${['notify', ...known].join(', ')}`;
        context.addIssue({ code: 'custom', path: ['responders', index], message, input: id });
      }
    });
  });

const exemptionSchema = z.strictObject({
  responders: z.array(responderId).min(1).optional().describe('All of them unless given.'),
  tags: tags.describe('Tags of the resource, all of which must be there; * in a value stands for any characters.'),
  reason: z.string().min(3).max(300),
  until: z.iso.date().describe('The last day of the exemption (UTC), such as 2026-12-31.'),
});

const imagesSchema = z
  .strictObject({
    ids: z.array(z.string().regex(/^ami-[0-9a-f]{8,17}$/, "must be an image's id")).default([]),
    owners: z.array(accountId).default([]).describe('Accounts whose images are approved.'),
    names: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(128).describe('* stands for any characters.'),
          owner: z
            .string()
            .regex(/^(\d{12}|amazon|aws-marketplace|self)$/, 'must be an account id, amazon, aws-marketplace or self')
            .describe('Anybody can name an image: its owner belongs to the pattern.'),
        }),
      )
      .default([]),
    tags: tags
      .default({})
      .describe("Tags of an approved image, all of which must be there; seen on the account's own images only."),
    awsServices: z.boolean().default(true).describe('Images that an AWS service publishes (owner alias amazon).'),
  })
  .prefault({})
  .describe('Approved images: one of these has to hold. Nothing is approved unless named.');

/** The section `responders` of `garrison.yaml`. */
export const respondersSchema = z
  .strictObject({
    enabled: z
      .union([z.enum(['all', 'none']), z.array(responderId)])
      .default('none')
      .describe('Responders that are rolled out. By themselves they notify; `enforce` says where they act.'),
    enforce: z
      .array(enforcementSchema)
      .max(200)
      .default([])
      .describe('Where responders act, and how. The last that matches decides.'),
    exemptions: z.array(exemptionSchema).max(200).default([]).describe('Resources that are left alone.'),
    exemptionTag: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe(
        'A tag by which a resource exempts itself, as `YYYY-MM-DD reason`. Whoever may tag may then exempt: none unless given.',
      ),
    allowedPorts: z
      .array(z.int().min(0).max(65_535))
      .optional()
      .describe('Ports that may be open to everybody; those of the detection unless given.'),
    images: imagesSchema,
    buckets: z
      .array(z.string().min(1).max(255))
      .default([])
      .describe('Buckets whose objects are brought back, * for any characters. None unless named.'),
    breaker: z
      .strictObject({ actions: z.int().min(1).max(1_000).default(10), minutes: minutes(1_440).default(15) })
      .prefault({})
      .describe('A responder that acted so often in so many minutes stops, and says so.'),
    approvers: z
      .array(z.string().regex(/^[UW][A-Z0-9]{2,}$/, "must be a Slack user's id, such as U0123ABCD"))
      .min(1)
      .optional()
      .describe('Who may approve and decline; everybody in the channel unless given.'),
    approvalMinutes: minutes(2_880).default(60).describe('How long a question waits for its answer.'),
    recordDays: z.int().min(1).max(3_650).default(400).describe('How long records of responses are kept.'),
  })
  .superRefine(({ enforce, enabled }, context) => {
    enforce.forEach(({ responders }, index) => {
      responders.forEach((id, at) => {
        if (enabled === 'none' || (enabled !== 'all' && !enabled.includes(id))) {
          const path = ['enforce', index, 'responders', at];
          context.addIssue({ code: 'custom', path, message: 'is not among responders.enabled', input: id });
        }
      });
    });
  })
  .prefault({});

export type RespondersConfig = z.output<typeof respondersSchema>;

/** Ids of the responders that are rolled out, in the order of the catalog. */
export function enabledResponders({ enabled }: Pick<RespondersConfig, 'enabled'>): ResponderId[] {
  return enabled === 'none' ? [] : ids.filter((id) => enabled === 'all' || enabled.includes(id));
}
