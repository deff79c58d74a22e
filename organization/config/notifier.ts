import { z } from 'zod';
import { destinationSchema, secretSchema } from './notifierDestinations';
import { routeSchema } from './notifierRoutes';

const mention = z
  .string()
  .regex(
    /^(here|channel|none|[SUW][A-Z0-9]{2,})$/,
    'must be here, channel, none, a user group such as S0123ABCD or a user such as U0123ABCD',
  );
const bands = ['Low', 'Medium', 'High', 'Critical'] as const;
const duration = z
  .string()
  .regex(/^[1-9]\d{0,4}[smhd]$/, 'must be a number and s, m, h or d, such as 15m')
  .transform((text) => Number(text.slice(0, -1)) * { s: 1, m: 60, h: 3_600, d: 86_400 }[text.at(-1) as 's']);

const slackSchema = z
  .strictObject({
    webhookParameter: z
      .string()
      .regex(/^\/?[\w.-]+(\/[\w.-]+)*$/, 'must be the name of an SSM parameter, such as /garrison/slack/webhook')
      .optional()
      .describe("Name of the SSM SecureString that holds the incoming webhook's address."),
    webhook: secretSchema.optional().describe("The incoming webhook's address, when it lies elsewhere than in SSM."),
    botToken: secretSchema.optional().describe('A bot token (xoxb-…) in place of a webhook: adds threads.'),
    channel: z
      .string()
      .regex(/^[CGD][A-Z0-9]{2,}$/, "must be a channel's id, such as C0123ABCD")
      .optional()
      .describe('Channel for the bot token.'),
    apiUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Address of Slack's Web API; Slack's own unless given."),
    mention: mention.optional().describe('Who is called: here, channel, none, or the id of a user group or user.'),
  })
  .superRefine((slack, context) => {
    const given = [slack.webhookParameter, slack.webhook, slack.botToken].filter((value) => value !== undefined);
    if (given.length > 1) {
      context.addIssue({ code: 'custom', message: 'must hold only one of webhookParameter, webhook and botToken' });
    }
    if ((slack.botToken === undefined) !== (slack.channel === undefined)) {
      context.addIssue({ code: 'custom', path: ['channel'], message: 'channel and botToken belong together' });
    }
  });

const consoleSchema = z.union([
  z.strictObject({
    accessPortal: z
      .url({ protocol: /^https$/ })
      .describe("IAM Identity Center's access portal, such as https://acme.awsapps.com/start."),
    role: z
      .string()
      .regex(/^[\w+=,.@-]{1,64}$/)
      .describe('Permission set with which alerts are looked at.'),
  }),
  z.strictObject({
    switchRole: z
      .string()
      .regex(/^[\w+=,.@/-]{1,512}$/)
      .describe('Role to which the console switches in the account at fault.'),
  }),
]);

/** The section `notifier` of `garrison.yaml`. */
export const notifierSchema = z
  .strictObject({
    minimumSeverity: z
      .union([
        z.number().min(1).max(10),
        z.enum(bands).transform((band) => ({ Low: 1, Medium: 4, High: 7, Critical: 9 })[band]),
      ])
      .default(4)
      .describe('Findings of this severity and above are announced (GuardDuty: Low 1, Medium 4, High 7, Critical 9).'),
    language: z.enum(['en', 'ja']).default('en').describe('Language of the messages.'),
    samples: z.enum(['mark', 'drop']).default('mark').describe('Sample findings: announced and marked, or dropped.'),
    slack: slackSchema.default({ webhookParameter: '/garrison/slack/webhook' }),
    destinations: z
      .record(z.string().regex(/^[\w-]{1,40}$/), destinationSchema)
      .default({})
      .describe('Other places for alerts, by name; `slack` is the one above.'),
    routes: z
      .array(routeSchema(mention))
      .max(200)
      .default([])
      .describe('The first route that matches an alert decides.'),
    deduplication: z
      .strictObject({
        key: z
          .array(z.enum(['type', 'resource', 'account', 'region', 'finding', 'actor']))
          .min(1)
          .default(['type', 'resource', 'account']),
        windows: z
          .strictObject({
            Low: duration.optional(),
            Medium: duration.optional(),
            High: duration.optional(),
            Critical: duration.optional(),
          })
          .default({})
          .describe('How long the same counts as the same, by severity, such as 15m.'),
      })
      .prefault({}),
    repeats: z
      .enum(['first', 'escalation', 'every'])
      .default('escalation')
      .describe(
        'When the same comes again: only counted; told in the thread, and anew when the severity rises; told anew.',
      ),
    digest: z
      .strictObject({
        threshold: z
          .int()
          .min(0)
          .max(60)
          .default(10)
          .describe('Messages to one channel in a window before the rest becomes a digest; 0 for none.'),
        seconds: z.int().min(10).max(600).default(60),
      })
      .prefault({}),
    console: consoleSchema.optional().describe("How the console's link lands in the right account."),
    configurationUrl: z
      .url({ protocol: /^https$/ })
      .optional()
      .describe('Where this file is edited: behind the button "silence like this".'),
    alarmEmails: z
      .array(z.email('must be an e-mail address'))
      .max(20)
      .refine((emails) => new Set(emails).size === emails.length, 'names an address twice')
      .default([])
      .describe('Who is told by e-mail (Amazon SNS) when the notifier itself fails; each has to confirm once.'),
    recordDays: z
      .int()
      .min(1)
      .max(3_650)
      .default(90)
      .describe('Days for which the alert table remembers which findings were announced.'),
  })
  .superRefine((notifier, context) => {
    const known = new Set(['slack', ...Object.keys(notifier.destinations)]);
    if (Object.hasOwn(notifier.destinations, 'slack')) {
      context.addIssue({
        code: 'custom',
        path: ['destinations', 'slack'],
        message: 'the name slack is taken by notifier.slack',
      });
    }
    notifier.routes.forEach((route, index) => {
      for (const name of (route.to ?? []).filter((name) => !known.has(name))) {
        const message = `there is no destination ${name}; there are ${[...known].join(', ')}`;
        context.addIssue({ code: 'custom', path: ['routes', index, 'to'], message });
      }
    });
  })
  .prefault({});

/** The section `notifier`, read and checked. */
export type NotifierConfig = z.infer<typeof notifierSchema>;
