import { z } from 'zod';
import { unitPath } from '../unitPaths';
import { administratorSettings, refuseCrowds } from './guarddutySettings';

/** Protection plans, by GuardDuty's own names of features. Source: GuardDuty API reference, DetectorFeatureConfiguration. */
const protectionPlans = [
  'S3_DATA_EVENTS',
  'EKS_AUDIT_LOGS',
  'EBS_MALWARE_PROTECTION',
  'RDS_LOGIN_EVENTS',
  'LAMBDA_NETWORK_LOGS',
  'EKS_RUNTIME_MONITORING',
  'RUNTIME_MONITORING',
] as const;

export type ProtectionPlan = (typeof protectionPlans)[number];

const agents = ['EKS_ADDON_MANAGEMENT', 'ECS_FARGATE_AGENT_MANAGEMENT', 'EC2_AGENT_MANAGEMENT'] as const;
const status = z.enum(['ENABLED', 'DISABLED']);
const autoEnable = z.enum(['ALL', 'NEW', 'NONE']);

const planMembers = {
  plans: z
    .partialRecord(z.enum(protectionPlans), status)
    .default({})
    .describe('Protection plans to switch on or off in every detector; those left out stay as they are.'),
  agents: z
    .partialRecord(z.enum(agents), status)
    .default({})
    .describe('Whether GuardDuty manages the agents of RUNTIME_MONITORING by itself.'),
};

interface Plans {
  readonly plans: Partial<Record<ProtectionPlan, 'ENABLED' | 'DISABLED'>>;
}

function refuseBothRuntimePlans({ plans }: Plans, context: z.core.$RefinementCtx): void {
  if (plans.EKS_RUNTIME_MONITORING === 'ENABLED' && plans.RUNTIME_MONITORING === 'ENABLED') {
    context.addIssue({
      code: 'custom',
      path: ['plans', 'EKS_RUNTIME_MONITORING'],
      message: 'excludes RUNTIME_MONITORING, which covers EKS too: GuardDuty refuses both together',
      input: plans,
    });
  }
}

const overrideSchema = z
  .strictObject({
    accounts: z
      .array(z.string().regex(/^\d{12}$/, 'must be 12 digits, in quotes so that leading zeros stay'))
      .min(1)
      .optional(),
    ous: z
      .array(z.string().transform(unitPath))
      .min(1)
      .optional()
      .describe('Organizational units, as in the column ou; each stands for those below it, too.'),
    regions: z.array(z.string()).min(1).optional(),
    ...planMembers,
  })
  .superRefine(refuseBothRuntimePlans)
  .superRefine(({ accounts, ous, regions }, context) => {
    if (!accounts && !ous && !regions) {
      context.addIssue({ code: 'custom', message: 'must name accounts, ous or regions' });
    }
  });

interface AutoEnableSection extends Plans {
  readonly autoEnablePlans: Partial<Record<ProtectionPlan, 'ALL' | 'NEW' | 'NONE'>>;
  readonly overrides: readonly Plans[];
}

/** What GuardDuty would undo by itself, or refuse. */
function refuseAutoEnableConflicts(
  { plans, autoEnablePlans, overrides }: AutoEnableSection,
  context: z.core.$RefinementCtx,
): void {
  const add = (plan: string, message: string) =>
    context.addIssue({ code: 'custom', path: ['autoEnablePlans', plan], message, input: autoEnablePlans });
  if (autoEnablePlans.EKS_RUNTIME_MONITORING && autoEnablePlans.RUNTIME_MONITORING) {
    add('EKS_RUNTIME_MONITORING', 'excludes RUNTIME_MONITORING, which covers EKS too: GuardDuty refuses both together');
  }
  for (const plan of protectionPlans) {
    const off = [plans, ...overrides.map((override) => override.plans)].some((each) => each[plan] === 'DISABLED');
    if (autoEnablePlans[plan] === 'ALL' && off) {
      add(plan, 'ALL would switch the plan on again where `plans` switches it off');
    }
  }
}

const policySchema = z
  .strictObject({
    targets: z
      .array(z.string().min(1).transform(unitPath))
      .default(['root'])
      .describe(
        'What policies are attached to: `root`, paths of organizational units, account ids. Empty: those that Garrison made are removed.',
      ),
  })
  .prefault({})
  .describe('With `route: policy`: GuardDuty policies that Garrison writes from the settings here and attaches.');

/** The section `guardduty` of `garrison.yaml`. */
export const guarddutySchema = z
  .strictObject({
    route: z
      .enum(['invitation', 'organization', 'auto', 'policy'])
      .default('auto')
      .describe(
        'How accounts become members: by invitation, through the organization (the security account as delegated administrator), or each as it fits; `policy` is `auto` with GuardDuty policies of AWS Organizations that hold the settings.',
      ),
    policy: policySchema,
    autoEnable: z
      .enum(['ALL', 'NEW', 'NONE'])
      .optional()
      .describe('Which accounts of the organization GuardDuty enrols by itself; left as it is unless given.'),
    autoEnablePlans: z
      .partialRecord(z.enum(protectionPlans), autoEnable)
      .default({})
      .describe(
        'In which accounts of the organization GuardDuty switches a protection plan on by itself; those left out stay as they are.',
      ),
    autoEnableAgents: z
      .partialRecord(z.enum(agents), autoEnable)
      .default({})
      .describe('The same for the management of the agents of RUNTIME_MONITORING.'),
    findingPublishingFrequency: z
      .enum(['FIFTEEN_MINUTES', 'ONE_HOUR', 'SIX_HOURS'])
      .default('FIFTEEN_MINUTES')
      .describe('How often repeats of a finding are published. The administrator decides for all members.'),
    invitationEmails: z
      .boolean()
      .default(false)
      .describe("Let GuardDuty send an e-mail to every account's root address for every invitation and region."),
    ...planMembers,
    overrides: z
      .array(overrideSchema)
      .max(500)
      .default([])
      .describe('Plans that differ for some accounts, organizational units or regions. The last that matches decides.'),
    ...administratorSettings,
  })
  .superRefine(refuseBothRuntimePlans)
  .superRefine(refuseCrowds)
  .superRefine(refuseAutoEnableConflicts)
  .superRefine(({ route, policy }, context) => {
    if (route !== 'policy' && policy.targets.join() !== 'root') {
      context.addIssue({
        code: 'custom',
        path: ['policy', 'targets'],
        message: 'needs `route: policy`',
        input: policy,
      });
    }
  })
  .superRefine(({ plans, overrides }, context) => {
    overrides.forEach((override, index) => {
      if (plans.RUNTIME_MONITORING === 'ENABLED' || plans.EKS_RUNTIME_MONITORING === 'ENABLED') {
        const path = ['overrides', index, 'plans', 'EKS_RUNTIME_MONITORING'];
        const merged = { ...plans, ...override.plans };
        if (merged.RUNTIME_MONITORING === 'ENABLED' && merged.EKS_RUNTIME_MONITORING === 'ENABLED') {
          const message =
            'and RUNTIME_MONITORING exclude each other: switch the one off that guardduty.plans switches on';
          context.addIssue({ code: 'custom', path, message, input: override.plans });
        }
      }
    });
  })
  .prefault({});
