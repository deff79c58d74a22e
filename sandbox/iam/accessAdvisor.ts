import { randomUUID } from 'node:crypto';
import type {
  GenerateServiceLastAccessedDetailsRequest,
  GetServiceLastAccessedDetailsRequest,
  GetServiceLastAccessedDetailsWithEntitiesRequest,
  ListPoliciesGrantingServiceAccessRequest,
} from '@aws-sdk/client-iam';
import { parsePolicy } from '../core/policyDocuments';
import type { CallContext, Handler } from '../core/service';
import { type GrantingPolicy, grantingPolicies, subjectOf } from './accessSubject';
import { page } from './page';
import type { Policies } from './policies';
import names from './serviceNames.json';
import { type Entity, type IamState, noSuchEntity } from './state';

interface Job {
  readonly arn: string;
  readonly actions: boolean;
  readonly at: Date;
}

/** One use of a service by somebody. */
interface Use {
  readonly entity: Entity;
  readonly action: string;
  readonly at: Date;
  readonly region: string;
}

const serviceNames = names as Readonly<Record<string, string>>;

/** Services that a policy's Allow statements name; `*` names all that are known here. */
function namespacesOf(document: string): string[] {
  const statements = [parsePolicy(document).Statement].flat() as { Effect?: string; Action?: unknown }[];
  const patterns = statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => [Action ?? '*'].flat().map(String));
  return patterns.flatMap((pattern) => {
    const prefix = pattern.split(':')[0]?.toLowerCase() ?? '';
    return prefix.includes('*') ? Object.keys(serviceNames) : [prefix];
  });
}

function usesOf(entities: readonly Entity[], namespace: string): Use[] {
  return entities
    .flatMap((entity) => [...entity.accesses].map(([action, access]) => ({ entity, action, ...access })))
    .filter(({ action }) => action.startsWith(`${namespace}:`))
    .sort((left, right) => right.at.getTime() - left.at.getTime());
}

function actionsOf(state: IamState, accountId: string, uses: readonly Use[]) {
  const latest = new Map([...uses].reverse().map((use) => [use.action, use]));
  return [...latest.values()].map(({ entity, action, at, region }) => ({
    ActionName: action.slice(action.indexOf(':') + 1),
    LastAccessedEntity: state.entityArn(accountId, entity),
    LastAccessedTime: at,
    LastAccessedRegion: region,
  }));
}

/** What was used of the services that the subject's policies allow, and when last. */
class AccessAdvisor {
  private readonly jobs = new Map<string, Job>();

  constructor(
    private readonly state: IamState,
    private readonly policies: Policies,
  ) {}

  generate(input: GenerateServiceLastAccessedDetailsRequest, context: CallContext) {
    const arn = input.Arn ?? '';
    subjectOf(this.state, this.policies, arn, context);
    const JobId = randomUUID();
    this.jobs.set(JobId, { arn, actions: input.Granularity === 'ACTION_LEVEL', at: context.world.now() });
    return { JobId };
  }

  private job(id: string | undefined): Job {
    const found = this.jobs.get(id ?? '');
    if (!found) {
      throw noSuchEntity(`Invalid JobId ${id}`);
    }
    return found;
  }

  private finished({ at }: Job) {
    return { JobStatus: 'COMPLETED', JobCreationDate: at, JobCompletionDate: at };
  }

  private service(namespace: string, entities: readonly Entity[], job: Job, accountId: string) {
    const uses = usesOf(entities, namespace);
    const [last] = uses;
    return {
      ServiceName: serviceNames[namespace] ?? namespace,
      ServiceNamespace: namespace,
      LastAuthenticated: last?.at,
      LastAuthenticatedEntity: last && this.state.entityArn(accountId, last.entity),
      LastAuthenticatedRegion: last?.region,
      TotalAuthenticatedEntities: new Set(uses.map(({ entity }) => entity)).size,
      TrackedActionsLastAccessed: job.actions ? actionsOf(this.state, accountId, uses) : undefined,
    };
  }

  details(input: GetServiceLastAccessedDetailsRequest, context: CallContext) {
    const job = this.job(input.JobId);
    const { entities, policies } = subjectOf(this.state, this.policies, job.arn, context);
    const namespaces = [...new Set(policies.flatMap(({ document }) => namespacesOf(document)))].sort();
    const services = namespaces.map((namespace) => this.service(namespace, entities, job, context.accountId));
    return {
      ...this.finished(job),
      JobType: job.actions ? 'ACTION_LEVEL' : 'SERVICE_LEVEL',
      ...page('ServicesLastAccessed', services, input),
    };
  }

  withEntities(input: GetServiceLastAccessedDetailsWithEntitiesRequest, context: CallContext) {
    const job = this.job(input.JobId);
    const { entities } = subjectOf(this.state, this.policies, job.arn, context);
    const list = entities.map((entity) => ({
      EntityInfo: {
        Arn: this.state.entityArn(context.accountId, entity),
        Name: entity.name,
        Type: entity.kind.toUpperCase(),
        Id: entity.id,
        Path: entity.path,
      },
      LastAuthenticated: usesOf([entity], input.ServiceNamespace ?? '')[0]?.at,
    }));
    return { ...this.finished(job), ...page('EntityDetailsList', list, input) };
  }
}

function granting(policies: readonly GrantingPolicy[], namespace: string) {
  const fitting = policies.filter(({ document }) => namespacesOf(document).includes(namespace));
  return { ServiceNamespace: namespace, Policies: fitting.map(({ document: _document, ...policy }) => policy) };
}

/** When services were last used, and which policies allow their use. */
export function accessAdvisorOperations(state: IamState, policies: Policies): Record<string, Handler> {
  const advisor = new AccessAdvisor(state, policies);
  return {
    GenerateServiceLastAccessedDetails: (input: GenerateServiceLastAccessedDetailsRequest, context) =>
      advisor.generate(input, context),
    GetServiceLastAccessedDetails: (input: GetServiceLastAccessedDetailsRequest, context) =>
      advisor.details(input, context),
    GetServiceLastAccessedDetailsWithEntities: (input: GetServiceLastAccessedDetailsWithEntitiesRequest, context) =>
      advisor.withEntities(input, context),
    ListPoliciesGrantingServiceAccess: (input: ListPoliciesGrantingServiceAccessRequest, context) => {
      const found = grantingPolicies(state, policies, input.Arn ?? '', context);
      const list = (input.ServiceNamespaces ?? []).map((namespace) => granting(found, namespace.toLowerCase()));
      return { PoliciesGrantingServiceAccess: list, IsTruncated: false };
    },
  };
}
