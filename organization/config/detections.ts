import { z } from 'zod';

const value = z.union([z.int(), z.array(z.string()), z.array(z.number())]);
const parameters = z.record(z.string(), z.record(z.string(), value));
const ids = z.array(z.string());

const accountId = z.string().regex(/^\d{12}$/, 'must be 12 digits, in quotes so that leading zeros stay');

const logFiles = z.strictObject({
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket, such as acme-trail-logs')
    .describe('The bucket to which the trail writes.'),
  bucketAccount: accountId.optional().describe('The account that owns the bucket. Left out: the security account.'),
  bucketRegion: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region, such as eu-central-1')
    .optional()
    .describe('The region of the bucket. Left out: the home region.'),
  prefix: z.string().max(1024).default('').describe('Only files whose keys begin so, such as `o-a1b2c3d4e5/AWSLogs/`.'),
  keyArn: z
    .string()
    .regex(/^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/, 'must be the ARN of a key, not of an alias')
    .optional()
    .describe('The KMS key under which the files lie.'),
  topicArn: z
    .string()
    .regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/, 'must be the ARN of a topic')
    .optional()
    .describe(
      'The SNS topic on which the bucket, or CloudTrail itself, announces files. Left out: the bucket tells the queue `garrison-log-files`.',
    ),
  only: z
    .boolean()
    .default(false)
    .describe('No EventBridge rules in the accounts: the log files are all that the detections see.'),
});

/**
 * The section `detections` of `garrison.yaml`: which detections of the catalog the rollout puts rules for, and their
 * parameters. Which ids and parameters there are, the catalog knows: `detections/rollout/` checks them.
 */
export const detectionsSchema = z
  .strictObject({
    enabled: z
      .union([z.enum(['all', 'none']), ids])
      .default('none')
      .describe('Detections that get EventBridge rules in every account: `all`, a list of ids, or `none`.'),
    disabled: ids.default([]).describe('Detections that get no rules all the same.'),
    nearest: ids.default([]).describe('Detections whose wider form is taken where EventBridge cannot say their own.'),
    settings: parameters.default({}).describe('Parameters by detection, for every account.'),
    organizationalUnits: z
      .record(z.string(), parameters)
      .default({})
      .describe('Parameters by detection, by the path of an organizational unit: for it and those below it.'),
    accounts: z.record(accountId, parameters).default({}).describe('Parameters by detection, by account.'),
    logFiles: logFiles.optional().describe('Detections in the log files that a trail delivers to a bucket.'),
  })
  .prefault({});

/** The section `detections` of `garrison.yaml`, defaults filled in. */
export type DetectionsConfig = z.output<typeof detectionsSchema>;
