import { z } from 'zod';
import { partitionOf, partitions } from '../partitions';
import { attestationSchema } from './attestation';
import { attestationProblems } from './attestationChecks';
import { bootstrapSchema } from './bootstrap';
import { detectionsSchema } from './detections';
import { detectionsProblems } from './detectionsChecks';
import { guarddutySchema } from './guardduty';
import { guardrailsSchema } from './guardrails';
import { notifierSchema } from './notifier';
import { operationsSchema } from './operations';
import { respondersSchema } from './responders';
import { rolesSchema } from './roles';
import { stackSetsSchema } from './stackSets';

const accountId = z.string().regex(/^\d{12}$/, 'must be 12 digits, in quotes so that leading zeros stay');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region, such as eu-central-1');

/** `garrison.yaml`. */
export const configSchema = z
  .strictObject({
    partition: z.enum(partitions).optional().describe('Left out: told by the home region.'),
    managementAccount: accountId.describe('The account that owns the organization.'),
    securityAccount: accountId.describe(
      'The account that guards the others: GuardDuty administrator, owner of the stack sets.',
    ),
    homeRegion: region.describe('Where the bus, the queues, the notifier and the stack sets stand.'),
    regions: z
      .union([z.literal('all'), z.array(region).min(1)])
      .default('all')
      .describe('Regions to guard: a list, or `all` that the security account has enabled.'),
    organization: z
      .strictObject({
        id: z
          .string()
          .regex(/^o-[a-z0-9]{10,32}$/, "must be an organization's id, such as o-a1b2c3d4e5")
          .optional()
          .describe(
            'Accounts of this organization may put events on the bus in the home region. Left out: the accounts of accounts.csv, of which some 600 fit.',
          ),
        delegateStackSets: z
          .boolean()
          .default(true)
          .describe(
            'Let `bootstrap` register the security account as delegated administrator of StackSets: it may then read which accounts exist, and which are suspended.',
          ),
      })
      .prefault({}),
    roles: rolesSchema,
    bootstrap: bootstrapSchema,
    guardduty: guarddutySchema,
    detections: detectionsSchema,
    guardrails: guardrailsSchema,
    notifier: notifierSchema,
    responders: respondersSchema,
    stackSets: stackSetsSchema,
    attestation: attestationSchema,
    operations: operationsSchema,
  })
  .superRefine((config, context) => {
    const partition = config.partition ?? partitionOf(config.homeRegion);
    const foreign = (value: string, path: (string | number)[]) => {
      if (partitionOf(value) !== partition) {
        context.addIssue({
          code: 'custom',
          path,
          message: `is not a region of the partition ${partition}`,
          input: value,
        });
      }
    };
    foreign(config.homeRegion, ['homeRegion']);
    if (config.regions !== 'all') {
      for (const [index, name] of config.regions.entries()) {
        foreign(name, ['regions', index]);
      }
      if (new Set(config.regions).size !== config.regions.length) {
        context.addIssue({ code: 'custom', path: ['regions'], message: 'names a region twice', input: config.regions });
      }
    }
    for (const problem of detectionsProblems(config)) {
      context.addIssue({ code: 'custom', ...problem });
    }
    for (const problem of attestationProblems(config)) {
      context.addIssue({ code: 'custom', ...problem });
    }
    if (config.managementAccount === config.securityAccount) {
      context.addIssue({
        code: 'custom',
        path: ['securityAccount'],
        message: 'must not be the management account: security staff would need a login to it',
        input: config.securityAccount,
      });
    }
  })
  .transform((config) => ({ ...config, partition: config.partition ?? partitionOf(config.homeRegion) }));

/** `garrison.yaml`, checked, defaults filled in. */
export type Config = z.output<typeof configSchema>;
