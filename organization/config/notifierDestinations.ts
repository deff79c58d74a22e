import { z } from 'zod';

/** Where a secret lies; the secret itself is never in the configuration. */
export const secretSchema = z.union([
  z.strictObject({ parameter: z.string().min(1).describe('Name of an SSM SecureString in the home region.') }),
  z.strictObject({
    secret: z.string().min(1).describe('Name or ARN of a Secrets Manager secret in the home region.'),
    key: z.string().min(1).optional().describe('Member of the secret, when it is a JSON object.'),
  }),
  z.strictObject({
    ciphertext: z
      .base64()
      .min(16)
      .describe('Output of `garrison secret encrypt`: may be committed to version control.'),
  }),
]);

/** A destination beside `notifier.slack`. */
export const destinationSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('slack-webhook'), webhook: secretSchema }),
  z.strictObject({
    type: z.literal('slack-bot'),
    botToken: secretSchema,
    channel: z.string().regex(/^[CGD][A-Z0-9]{2,}$/, "must be a channel's id, such as C0123ABCD"),
  }),
  z.strictObject({
    type: z.literal('sns'),
    topicArn: z.string().regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/, 'must be the ARN of an SNS topic'),
  }),
  z.strictObject({ type: z.literal('signed-webhook'), url: secretSchema, signingKey: secretSchema }),
  z.strictObject({ type: z.literal('teams'), webhook: secretSchema }),
  z.strictObject({
    type: z.literal('pagerduty'),
    routingKey: secretSchema,
    endpoint: z.url({ protocol: /^https$/ }).optional(),
  }),
]);

export type SecretConfig = z.infer<typeof secretSchema>;
export type DestinationConfig = z.infer<typeof destinationSchema>;
