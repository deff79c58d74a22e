import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import {
  type AssemblyStack,
  type CellOutcome,
  type DesiredInstances,
  deployStack,
  deployToAccounts,
  publishAssets,
  readAssembly,
  reconcileStackSet,
  type StackOutcome,
  type StackTarget,
  stackOf,
} from '../../cloudformation';
import type { Host, Message } from '../../organization/messages';
import { createSandbox, type RunningSandbox } from '../../sandbox';
import type { OrganizationModel } from '../../stacks/model';
import { asAdministrator, asRole, type ClientConfiguration } from '../roles/plant';
import { model } from '../stacks/model';
import { appOf } from '../stacks/templates';

export const management = '100000000001';
export const security = '100000000002';
export const preferences = { accountPercentage: 100, regionConcurrency: 'PARALLEL', regionOrder: [] } as const;

/** An organization on loopback, and the steps of a rollout as the command takes them. */
export class TestOrganization {
  readonly messages: Message[] = [];
  readonly host: Host = { emit: (message) => this.messages.push(message) };

  private constructor(
    readonly sandbox: RunningSandbox,
    readonly model: OrganizationModel,
    public assembly: readonly AssemblyStack[],
  ) {}

  /** @param change edits the assembly, such as to take something out of a policy */
  static async start(
    options: {
      accounts?: number;
      change?: (assembly: AssemblyStack[]) => AssemblyStack[];
      yaml?: string;
      /** Instead of the one that `yaml` makes. */
      model?: OrganizationModel;
      clock?: () => Date;
      regions?: string[];
    } = {},
  ): Promise<TestOrganization> {
    const { accounts = 3, change = (assembly) => assembly, yaml, regions, clock } = options;
    const wanted = options.model ?? model(yaml, accounts);
    const organizationModel = { ...wanted, regions: regions ?? wanted.regions };
    const sandbox = await createSandbox({
      accounts: organizationModel.accountIds.map((id) => ({
        id,
        email: `aws+${id}@example.com`,
        optedInRegions: ['af-south-1'],
      })),
      managementAccount: management,
      securityAccount: security,
      clock,
    });
    return new TestOrganization(sandbox, organizationModel, change(readAssembly(appOf(organizationModel).outdir)));
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  /** Every request is sent a second time, as after an answer that was lost on the way. */
  losesAnswers = false;

  target(configuration: ClientConfiguration, accountId: string, region = configuration.region): StackTarget {
    const client = new CloudFormationClient({ ...configuration, region });
    if (this.losesAnswers) {
      client.middlewareStack.add(
        (next) => async (args) => {
          await next(args);
          return next(args);
        },
        { step: 'deserialize', priority: 'high' },
      );
    }
    return { accountId, region, client };
  }

  /** `garrison bootstrap`. */
  async bootstrap(): Promise<StackOutcome[]> {
    const outcomes = [
      await this.deploy('garrison-administration-management', management),
      await this.deploy('garrison-administration-security', security),
    ];
    const results = await deployToAccounts(
      (accountId) => inputOf(stackOf(this.assembly, `garrison-execution-${kindOf(accountId)}`)),
      this.model.accountIds,
      {
        host: this.host,
        concurrency: 8,
        targetFor: async (accountId) => this.target(await asAdministrator(this.sandbox, accountId), accountId),
      },
    );
    return [
      ...outcomes,
      ...results.map((result) => {
        if ('error' in result) {
          throw result.error;
        }
        return result.result;
      }),
    ];
  }

  async deploy(id: string, accountId: string): Promise<StackOutcome> {
    const target = this.target(await asAdministrator(this.sandbox, accountId), accountId);
    return deployStack(inputOf(stackOf(this.assembly, id)), target, this.host);
  }

  async operator(): Promise<ClientConfiguration> {
    return asRole(await asAdministrator(this.sandbox, security), `arn:aws:iam::${security}:role/GarrisonOperator`);
  }

  /** The first stage of `garrison apply`. */
  async securityStack(): Promise<StackOutcome> {
    const operator = await this.operator();
    const stack = stackOf(this.assembly, 'garrison-security');
    await publishAssets(stack.assets, {
      s3: new S3Client({ ...operator, forcePathStyle: true }),
      host: this.host,
      place: { accountId: security, region: operator.region },
    });
    const asset = stack.assets.find(({ path }) => path.endsWith(`/${stack.id}.template.json`));
    // Too large to go inline where features are on.
    const templateUrl = asset && `https://s3.${operator.region}.amazonaws.com/${asset.bucket}/${asset.key}`;
    return deployStack({ ...inputOf(stack), templateUrl }, this.target(operator, security), this.host);
  }

  /** The stages that roll out stack instances. */
  async instances(
    more: Partial<Record<keyof ReturnType<typeof desiredOf>, Partial<DesiredInstances>>> = {},
  ): Promise<CellOutcome[]> {
    const { client } = this.target(await this.operator(), security);
    const desired = desiredOf(this.model);
    const outcomes: CellOutcome[] = [];
    for (const name of ['memberRoles', 'detectors', 'eventRules'] as const) {
      const handle = { client, host: this.host };
      const done = await reconcileStackSet({ ...desired[name], ...more[name] }, handle, preferences);
      outcomes.push(...done.outcomes);
    }
    return outcomes;
  }
}

/** Instances as `garrison apply` wants them. */
export function desiredOf(organization: OrganizationModel) {
  const { accountIds, regions, homeRegion } = organization;
  const cells = (accounts: readonly string[], where: readonly string[]) =>
    accounts.flatMap((accountId) => where.map((region) => ({ accountId, region })));
  const desired = {
    memberRoles: {
      stackSet: 'garrison-member-roles',
      cells: cells(
        accountIds.filter((id) => id !== security),
        [homeRegion],
      ),
    },
    detectors: { stackSet: 'garrison-detectors', cells: cells(accountIds, regions) },
    eventRules: { stackSet: 'garrison-event-rules', cells: cells([security], regions) },
  };
  return desired satisfies Record<string, DesiredInstances>;
}

function inputOf({ stackName, templateBody }: AssemblyStack) {
  return { stackName, templateBody };
}

function kindOf(accountId: string): string {
  if (accountId === management) {
    return 'management';
  }
  return accountId === security ? 'security' : 'member';
}
