import { z } from 'zod';
import { secretSchema } from './notifierDestinations';

const duration = z
  .string()
  .regex(/^[1-9]\d{0,4}[smhd]$/, 'must be a number and s, m, h or d, such as 1h')
  .transform((text) => Number(text.slice(0, -1)) * { s: 1, m: 60, h: 3_600, d: 86_400 }[text.at(-1) as 's']);
const channel = z.string().regex(/^[CG][A-Z0-9]{2,}$/, "must be a channel's id, such as C0123ABCD");
const user = z.string().regex(/^[UW][A-Z0-9]{2,}$/, "must be a user's id, such as U0123ABCD");
const group = z.string().regex(/^S[A-Z0-9]{2,}$/, "must be a user group's id, such as S0123ABCD");
const userOrGroup = z.string().regex(/^[SUW][A-Z0-9]{2,}$/, "must be a user group's or a user's id, such as S0123ABCD");

/** Detections whose events name somebody who used a privilege. */
const attestedDetections = [
  'privileged-role-used',
  'root-sign-in',
  'root-activity',
  'console-sign-in',
  'sign-in-without-mfa',
  'sign-in-outside-networks',
] as const;

const personSchema = z.strictObject({
  identity: z
    .string()
    .min(1)
    .max(300)
    .describe(
      "As AWS names them: an ARN, a user's or a session's name, a SAML subject, a user's id in IAM Identity Center; * for any characters.",
    ),
  email: z.email('must be an e-mail address').optional(),
  slack: user.optional().describe('Id of the user in Slack, where the e-mail address is another one there.'),
});

const ticketSchema = z
  .strictObject({
    required: z.boolean().default(true),
    pattern: z
      .string()
      .max(200)
      .refine(compiles, 'must be a regular expression')
      .optional()
      .describe('Regular expression that a whole ticket matches, such as [A-Z]+-\\d+.'),
    webhook: z
      .strictObject({
        url: secretSchema,
        signingKey: secretSchema,
        timeoutMilliseconds: z.int().min(100).max(2_000).default(1_500),
      })
      .optional()
      .describe('A web service that is asked whether there is such a ticket.'),
  })
  .prefault({});

/** The section `attestation` of `garrison.yaml`. */
export const attestationSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Ask people in Slack what they used a privilege for, and keep the answers as evidence.'),
    destination: z
      .string()
      .optional()
      .describe("The slack-bot destination that asks, from `notifier`; left out: notifier.slack, with a bot's token."),
    signingSecret: secretSchema
      .default({ parameter: '/garrison/slack/signing-secret' })
      .describe("The Slack app's signing secret: where it lies."),
    botConcurrency: z
      .union([z.int().min(1).max(1_000), z.literal('none')])
      .default(10)
      .describe(
        'How many of the function that Slack calls run at a time, set aside from the quota of the account: strangers can call it, too. none: no bound.',
      ),
    detections: z
      .array(z.enum(attestedDetections))
      .min(1)
      .default(['privileged-role-used', 'root-sign-in', 'root-activity'])
      .describe('What is asked about; each has to be among detections.enabled.'),
    window: duration.default(3_600).describe('Uses of one person within this time are one question.'),
    reminders: z
      .array(duration)
      .max(5)
      .refine((times) => times.every((time, index) => time > (times[index - 1] ?? 0)), 'must grow')
      .default([900, 3_600])
      .describe('When the person is reminded, counted from the question.'),
    escalation: z
      .strictObject({
        after: duration.default(14_400),
        channel: channel.optional().describe("Channel for escalations; left out: the alert's thread."),
        mention: userOrGroup.optional().describe('Called besides the managers.'),
      })
      .prefault({})
      .describe('When nobody has answered.'),
    people: z
      .array(personSchema)
      .max(2_000)
      .default([])
      .describe('Who is who, where AWS does not say an e-mail address.'),
    managers: z
      .array(
        z.strictObject({
          people: z
            .array(z.string().min(1).max(254))
            .min(1)
            .describe('E-mail addresses, or names as AWS shows them; * for any characters.'),
          mention: userOrGroup,
        }),
      )
      .max(500)
      .default([])
      .describe('Whom an escalation calls, by the person asked. The first that matches counts.'),
    substitutes: z
      .strictObject({
        groups: z.array(group).max(10).default([]),
        users: z.array(user).max(100).default([]),
      })
      .prefault({})
      .describe('Who may answer in the place of others.'),
    ticket: ticketSchema,
    longestAnnouncement: duration.default(28_800).describe('The longest window that can be announced beforehand.'),
    summaryChannel: channel
      .optional()
      .describe(
        "Channel for the day's summary, with the end of the record's chain; the destination's own unless given.",
      ),
  })
  .superRefine(({ enabled, reminders, escalation }, context) => {
    const last = reminders.at(-1) ?? 0;
    if (enabled && escalation.after <= last) {
      const message = 'must come after the last reminder';
      context.addIssue({ code: 'custom', path: ['escalation', 'after'], message, input: escalation.after });
    }
  })
  .prefault({});

/** The section `attestation`, defaults filled in. */
export type AttestationConfig = z.output<typeof attestationSchema>;

function compiles(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
