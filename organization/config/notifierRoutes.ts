import { z } from 'zod';

const patterns = (of: string) =>
  z
    .union([z.string().min(1).max(300), z.array(z.string().min(1).max(300)).min(1)])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .optional()
    .describe(`${of}; * stands for any characters.`);
const band = z.enum(['Low', 'Medium', 'High', 'Critical']);

/** One of `notifier.routes`. */
export const routeSchema = (mention: z.ZodString) =>
  z
    .strictObject({
      name: z.string().min(1).max(80).optional(),
      when: z
        .strictObject({
          severity: z
            .union([band, z.array(band).min(1)])
            .transform((value) => (Array.isArray(value) ? value : [value]))
            .optional(),
          detection: patterns('Ids of detections'),
          findingType: patterns('GuardDuty finding types, such as CryptoCurrency:*'),
          account: patterns('Ids or names of accounts'),
          ou: patterns('Paths of organizational units and what is below them'),
          region: patterns('Regions'),
        })
        .prefault({})
        .describe('All that is given must match; left out, every alert does.'),
      to: z
        .union([z.string(), z.array(z.string()).min(1)])
        .transform((value) => (Array.isArray(value) ? value : [value]))
        .optional()
        .describe('Names of destinations; slack when left out.'),
      channel: z
        .string()
        .regex(/^[CGD][A-Z0-9]{2,}$/, "must be a channel's id, such as C0123ABCD")
        .optional()
        .describe("Slack channel in place of the destination's own; needs a bot token."),
      mention: mention.optional(),
      silence: z
        .strictObject({
          reason: z.string().min(3).max(300),
          until: z.iso.date().describe('The last day of the silence (UTC), such as 2026-12-31.'),
        })
        .optional()
        .describe('Matching alerts are recorded and not announced.'),
    })
    .superRefine((route, context) => {
      if (route.silence !== undefined && (route.to ?? route.channel ?? route.mention) !== undefined) {
        context.addIssue({ code: 'custom', message: 'a silence has no to, channel or mention' });
      }
    });

export type RouteConfig = z.infer<ReturnType<typeof routeSchema>>;
