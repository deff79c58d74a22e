import type { Template } from '../../cloudformation';
import { type AccountResult, observeStack, planForAccounts, planStack, type StackPlan } from '../../cloudformation';
import type { GarrisonError } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import { stackTarget } from '../rollout/context';
import { templateFailures } from '../rollout/predictions';
import { organizationInput, organizationStackSet, usesOrganization } from './organization';
import { administrationStacks, type Bootstrap, executionVariant } from './work';

/** What `bootstrap` would do to every stack, and to the roles that the organization's stack set plants. Reads only. */
export async function planBootstrap(work: Bootstrap, host: Host): Promise<AccountResult<StackPlan>[]> {
  const { homeRegion, operations } = work.files.config;
  const administration = administrationStacks(work).map(async ({ session, id }) => {
    const target = stackTarget(session, homeRegion);
    const { input } = work.synthesis.of(id);
    const result = planStack(input, await observeStack(input.stackName, target), target);
    return { accountId: session.accountId, result };
  });
  const execution = planForAccounts(
    (accountId) => work.synthesis.of(executionVariant(accountId, work)).input,
    work.byMethod['assume-role'],
    {
      host,
      concurrency: operations.concurrency,
      targetFor: async (accountId) => {
        await work.session(accountId).ready();
        return stackTarget(work.session(accountId), homeRegion);
      },
    },
  );
  return [
    ...(await Promise.all(administration)),
    ...(await execution),
    ...(usesOrganization(work) ? await planOrganization(work) : []),
  ];
}

/** The stack, and what its stack set's template would change in every account that it reaches. */
async function planOrganization(work: Bootstrap): Promise<AccountResult<StackPlan>[]> {
  const target = stackTarget(work.management, work.files.config.homeRegion);
  const input = await organizationInput(work);
  const observed = await observeStack(input.stackName, target);
  const whole = planStack(input, observed, target);
  const standing = memberTemplate(observed?.template);
  const { accountId } = work.management;
  if (whole.action === 'none' || observed === undefined || standing === undefined) {
    return [{ accountId, result: whole }];
  }
  const wanted = memberTemplate(JSON.parse(input.templateBody) as Template);
  const planted = planStack(
    { stackName: organizationStackSet, templateBody: JSON.stringify(wanted) },
    { ...observed, template: standing },
    target,
  );
  return [{ accountId, result: whole }, ...(planted.action === 'none' ? [] : [{ accountId, result: planted }])];
}

function memberTemplate(template: Template | undefined): Template | undefined {
  const body = template?.Resources?.ExecutionRoles?.Properties?.TemplateBody;
  return typeof body === 'string' ? (JSON.parse(body) as Template) : undefined;
}

/** What would be refused in the templates, found before anything is changed. */
export function bootstrapFailures({ synthesis }: Bootstrap): GarrisonError[] {
  const ids = ['administration-management', 'administration-security', 'execution-management', 'execution-security'];
  return templateFailures([...ids, 'execution-member'].map((id) => synthesis.of(`garrison-${id}`).stack));
}
