import { z } from 'zod';

const value = z.union([z.int(), z.array(z.string()), z.array(z.number())]);
const parameters = z.record(z.string(), z.record(z.string(), value));
const ids = z.array(z.string());

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
    accounts: z
      .record(z.string().regex(/^\d{12}$/, 'must be 12 digits, in quotes so that leading zeros stay'), parameters)
      .default({})
      .describe('Parameters by detection, by account.'),
  })
  .prefault({});
