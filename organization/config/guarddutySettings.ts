import { z } from 'zod';

// Limits and names: GuardDuty API reference (CreateFilter, Condition, CreateIPSet, CreatePublishingDestination), and
// GuardDuty's quotas: one trusted IP list and six threat lists an account and region, 100 filters.

const regions = z.array(z.string()).min(1).optional().describe('Where it is to be; every guarded region unless given.');

const texts = z.array(z.string()).min(1).max(50);

const conditionSchema = z
  .strictObject({
    equals: texts.optional(),
    notEquals: texts.optional(),
    matches: texts.optional(),
    notMatches: texts.optional(),
    greaterThan: z.number().optional(),
    greaterThanOrEqual: z.number().optional(),
    lessThan: z.number().optional(),
    lessThanOrEqual: z.number().optional(),
  })
  .refine((condition) => Object.values(condition).some((value) => value !== undefined), 'must hold a comparison');

const filterSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9 _.-]{3,64}$/, 'must be 3 to 64 letters, digits, spaces, dots, dashes, underscores'),
  description: z.string().max(512).optional(),
  action: z
    .enum(['ARCHIVE', 'NOOP'])
    .default('ARCHIVE')
    .describe('ARCHIVE suppresses what matches: such findings are archived and reach nobody.'),
  rank: z.int().min(1).max(100).optional().describe('Its place among the filters; left to GuardDuty unless given.'),
  criteria: z
    .record(z.string().min(1), conditionSchema)
    .refine((criteria) => Object.keys(criteria).length > 0, 'must name a field: an empty filter matches every finding')
    .refine((criteria) => Object.keys(criteria).length <= 50, 'names more than 50 fields')
    .describe('Fields of a finding, as GuardDuty names them, and what they are compared with.'),
  regions,
});

const listSchema = z.strictObject({
  name: z.string().min(1).max(300),
  file: z.string().min(1).describe('Path of the list, beside `garrison.yaml` unless absolute.'),
  format: z.enum(['TXT', 'STIX', 'OTX_CSV', 'ALIEN_VAULT', 'PROOF_POINT', 'FIRE_EYE']).default('TXT'),
  regions,
});

const destinationSchema = z
  .strictObject({
    create: z
      .literal(true)
      .optional()
      .describe('Garrison makes bucket and key, in the home region, with the policies that GuardDuty needs.'),
    expireAfterDays: z
      .int()
      .min(1)
      .optional()
      .describe('With `create`: how long findings are kept; for ever unless given.'),
    bucketArn: z
      .string()
      .regex(
        /^arn:[a-z-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/,
        'must be the ARN of a bucket, with a prefix or without',
      )
      .optional()
      .describe('A bucket that is there, with a prefix or without. The prefix has to be there as a folder.'),
    kmsKeyArn: z
      .string()
      .regex(/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/.+$/, "must be the ARN of a key in the bucket's region")
      .optional()
      .describe("The key to encrypt with, in the bucket's region."),
    regions,
  })
  .superRefine((destination, context) => {
    const { create, expireAfterDays } = destination;
    const add = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message, input: destination });
    for (const member of ['bucketArn', 'kmsKeyArn'] as const) {
      if (create && destination[member] !== undefined) {
        add([member], 'has no place beside `create: true`, which makes bucket and key');
      }
      if (!create && destination[member] === undefined) {
        add([], `needs ${member}, or \`create: true\` for a bucket and key of Garrison's making`);
      }
    }
    if (!create && expireAfterDays !== undefined) {
      add(['expireAfterDays'], 'needs `create: true`: a bucket of your own has a lifecycle of its own');
    }
  });

/** What the administrator alone has: filters, lists and where findings are exported to. */
export const administratorSettings = {
  filters: z
    .array(filterSchema)
    .max(100)
    .optional()
    .describe('Suppression filters. Left out: filters are not looked at. Empty: those that Garrison made are removed.'),
  trustedIpLists: z
    .array(listSchema)
    .optional()
    .describe('Addresses that raise no findings, one list a region. Left out and empty as with `filters`.'),
  threatLists: z
    .array(listSchema)
    .optional()
    .describe('Addresses that always raise findings, up to six lists a region. Left out and empty as with `filters`.'),
  publishingDestinations: z
    .array(destinationSchema)
    .optional()
    .describe(
      'Buckets that findings are exported to, with the key they are encrypted with, or `create: true`; the last that matches a region decides. Left out and empty as with `filters`.',
    ),
};

type Settings = z.output<z.ZodObject<typeof administratorSettings>>;
type Named = { readonly name: string; readonly regions?: readonly string[] };

/** Names that are given twice, more lists than a region takes, and a second bucket to make. */
export function refuseCrowds(settings: Settings, context: z.core.$RefinementCtx): void {
  const creating = (settings.publishingDestinations ?? []).flatMap(({ create }, index) => (create ? [index] : []));
  for (const index of creating.slice(1)) {
    context.addIssue({
      code: 'custom',
      path: ['publishingDestinations', index, 'create'],
      message: 'is given twice: all regions export to the same bucket',
      input: true,
    });
  }
  const sections = { filters: 100, trustedIpLists: 1, threatLists: 6 } as const;
  for (const [section, most] of Object.entries(sections)) {
    const items: readonly Named[] = settings[section as keyof typeof sections] ?? [];
    items.forEach((item, index) => {
      const earlier = items.slice(0, index).filter((other) => overlap(other, item));
      const add = (message: string) =>
        context.addIssue({ code: 'custom', path: [section, index, 'name'], message, input: item.name });
      if (earlier.some(({ name }) => name === item.name)) {
        add('is given twice for the same region');
      } else if (earlier.length >= most) {
        add(`is one too many: GuardDuty takes ${most} a region`);
      }
    });
  }
}

function overlap(one: Named, other: Named): boolean {
  return !one.regions || !other.regions || one.regions.some((region) => other.regions?.includes(region));
}
