import { z } from 'zod';

/** Protection plans, by GuardDuty's own names of features. Source: GuardDuty API reference, DetectorFeatureConfiguration. */
export const protectionPlans = [
  'S3_DATA_EVENTS',
  'EKS_AUDIT_LOGS',
  'EBS_MALWARE_PROTECTION',
  'RDS_LOGIN_EVENTS',
  'LAMBDA_NETWORK_LOGS',
  'EKS_RUNTIME_MONITORING',
  'RUNTIME_MONITORING',
] as const;

export type ProtectionPlan = (typeof protectionPlans)[number];

/** The section `guardduty` of `garrison.yaml`. */
export const guarddutySchema = z
  .strictObject({
    findingPublishingFrequency: z
      .enum(['FIFTEEN_MINUTES', 'ONE_HOUR', 'SIX_HOURS'])
      .default('FIFTEEN_MINUTES')
      .describe('How often repeats of a finding are published. The administrator decides for all members.'),
    invitationEmails: z
      .boolean()
      .default(false)
      .describe("Let GuardDuty send an e-mail to every account's root address for every invitation and region."),
    plans: z
      .partialRecord(z.enum(protectionPlans), z.enum(['ENABLED', 'DISABLED']))
      .default({})
      .describe('Protection plans to switch on or off in every detector; those left out stay as they are.'),
  })
  .superRefine(({ plans }, context) => {
    if (plans.EKS_RUNTIME_MONITORING === 'ENABLED' && plans.RUNTIME_MONITORING === 'ENABLED') {
      context.addIssue({
        code: 'custom',
        path: ['plans', 'EKS_RUNTIME_MONITORING'],
        message: 'excludes RUNTIME_MONITORING, which covers EKS too: GuardDuty refuses both together',
        input: plans,
      });
    }
  })
  .prefault({});

/** The section `guardduty`, defaults filled in. */
export type GuardDutyConfiguration = z.output<typeof guarddutySchema>;
