import { z } from 'zod';

/** The section `operations` of `garrison.yaml`: how fast, and how gently, a rollout goes. */
export const operationsSchema = z
  .strictObject({
    concurrency: z
      .int()
      .min(1)
      .max(200)
      .default(32)
      .describe('Calls under way at once, over all accounts and regions.'),
    stackSetAccountPercentage: z
      .int()
      .min(1)
      .max(100)
      .default(100)
      .describe('Share of the accounts in which a stack set operation works at once, in each region.'),
    regionConcurrency: z
      .enum(['PARALLEL', 'SEQUENTIAL'])
      .default('PARALLEL')
      .describe('Regions at once, or one after the other.'),
    regionOrder: z
      .array(z.string())
      .default([])
      .describe('Regions that go first, in this order, when they go one after the other.'),
    removedAccounts: z
      .enum(['delete', 'retain'])
      .default('delete')
      .describe(
        'What becomes of instances in accounts and regions that are no longer wanted: deleted after a confirmation, or let go of as they are.',
      ),
  })
  .prefault({});

/** The section `operations`, defaults filled in. */
export type OperationsConfiguration = z.output<typeof operationsSchema>;
