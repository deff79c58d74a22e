import { z } from 'zod';
import type { SlackMessage } from '../../notifier/message/slack';

/** Slack's limits of Block Kit and of a message, as a schema: what it does not take, Slack refuses. */
const plainText = (limit: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(limit), emoji: z.boolean().optional() });
const markdown = (limit: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(limit), verbatim: z.boolean().optional() });
const identifier = z.string().min(1).max(255).optional();

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: identifier,
  url: z
    .url({ protocol: /^https?$/ })
    .max(3_000)
    .optional(),
  value: z.string().max(2_000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: plainText(150), block_id: identifier }),
  z
    .strictObject({
      type: z.literal('section'),
      text: z.union([markdown(3_000), plainText(3_000)]).optional(),
      fields: z.array(markdown(2_000)).min(1).max(10).optional(),
      block_id: identifier,
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined, 'a section needs text or fields'),
  z.strictObject({
    type: z.literal('context'),
    elements: z.array(markdown(2_000)).min(1).max(10),
    block_id: identifier,
  }),
  z
    .strictObject({ type: z.literal('actions'), elements: z.array(button).min(1).max(25), block_id: identifier })
    .refine(
      ({ elements }) => new Set(elements.map(({ action_id }) => action_id)).size === elements.length,
      'action ids repeat',
    ),
  z.strictObject({ type: z.literal('divider'), block_id: identifier }),
]);

/** Not documented: texts of all blocks together were refused a little above 11,000 characters. */
const longestMessage = 10_000;

export const slackMessageSchema = z
  .strictObject({
    text: z.string().min(1).max(4_000),
    attachments: z
      .array(
        z.strictObject({
          color: z.string().regex(/^#[0-9A-F]{6}$/),
          fallback: z.string().min(1).max(4_000),
          blocks: z.array(block).min(1).max(50),
        }),
      )
      .max(100),
    unfurl_links: z.literal(false),
    unfurl_media: z.literal(false),
    channel: z.string().optional(),
    ts: z.string().optional(),
    metadata: z.strictObject({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
  })
  .refine(
    ({ attachments }) => textsIn(attachments).join('').length <= longestMessage,
    'all texts together are too long',
  );

/** Every text of a message, wherever it stands. */
export function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(textsIn);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'text' && typeof member === 'string' ? [member] : textsIn(member),
  );
}

/** The addresses of a message's buttons, in their order. */
export function buttonsOf({ attachments }: SlackMessage): string[] {
  return attachments
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .flatMap((element) => ('url' in element && element.url !== undefined ? [element.url] : []));
}
