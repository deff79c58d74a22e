import type { DescribeTypeInput, ListTypesInput, ListTypeVersionsInput } from '@aws-sdk/client-cloudformation';
import { ServiceError } from '../../core/errors';
import { paginate } from '../../core/paginate';
import type { CallContext, Handler } from '../../core/service';
import { checkConstraints } from '../constraints';
import { validationError } from '../errors';
import type { ResourceProvider } from '../resources/provider';
import { publishedSchema } from './publishedSchema';

/** When AWS published its types: no answer of CloudFormation tells more than that they are older than the account. */
const published = new Date('2019-11-18T00:00:00Z');

interface PublicType {
  readonly name: string;
  readonly arn: string;
  readonly mutable: boolean;
}

/** Providers by type. */
export type Registry = Readonly<Record<string, ResourceProvider>>;

function publicTypes(registry: Registry, context: CallContext): PublicType[] {
  return Object.entries(registry)
    .filter(([name]) => name.startsWith('AWS::'))
    .map(([name, provider]) => ({
      name,
      arn: `arn:${context.world.partition}:cloudformation:${context.region}::type/resource/${name.replaceAll('::', '-')}`,
      mutable: provider.update !== undefined,
    }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function described(type: string): string | undefined {
  return publishedSchema(type)?.description;
}

type Named = Pick<DescribeTypeInput, 'Arn' | 'Type' | 'TypeName'>;

/** @throws ServiceError `TypeNotFoundException`, `ValidationError` */
function find(registry: Registry, input: Named, context: CallContext): PublicType {
  if (input.Arn === undefined && (input.TypeName === undefined || input.Type === undefined)) {
    throw validationError('Either Arn or TypeName and Type must be specified.');
  }
  const wanted = input.Arn?.replace(/\/\d{8}$/, '');
  const found = publicTypes(registry, context).find(({ arn, name }) =>
    wanted === undefined ? name === input.TypeName && input.Type === 'RESOURCE' : arn === wanted,
  );
  if (!found) {
    throw new ServiceError('TypeNotFoundException', `The type '${input.TypeName ?? input.Arn}' cannot be found.`, 404);
  }
  return found;
}

function describe(registry: Registry, input: DescribeTypeInput, context: CallContext) {
  const { name, arn, mutable } = find(registry, input, context);
  const schema = publishedSchema(name);
  return {
    Arn: arn,
    Type: 'RESOURCE',
    TypeName: name,
    IsDefaultVersion: true,
    Description: schema?.description,
    Schema: schema && JSON.stringify(schema),
    ProvisioningType: mutable ? 'FULLY_MUTABLE' : 'IMMUTABLE',
    DeprecatedStatus: 'LIVE',
    Visibility: 'PUBLIC',
    IsActivated: true,
    LastUpdated: published,
    TimeCreated: published,
  };
}

/** The account's own types and those of third parties: nobody can register any here. */
function isListed(input: ListTypesInput): boolean {
  const { Visibility: visibility = 'PRIVATE', Filters: filters, Type: type, DeprecatedStatus: deprecated } = input;
  const category = filters?.Category ?? 'AWS_TYPES';
  return (
    visibility === 'PUBLIC' &&
    category === 'AWS_TYPES' &&
    filters?.PublisherId === undefined &&
    (type ?? 'RESOURCE') === 'RESOURCE' &&
    deprecated !== 'DEPRECATED'
  );
}

function list(registry: Registry, input: ListTypesInput, context: CallContext) {
  checkConstraints([
    ['maxResults', input.MaxResults, { minimum: 1, maximum: 100 }],
    ['visibility', input.Visibility, { values: ['PUBLIC', 'PRIVATE'] }],
    ['type', input.Type, { values: ['RESOURCE', 'MODULE', 'HOOK'] }],
  ]);
  const all = isListed(input) ? publicTypes(registry, context) : [];
  const { ProvisioningType: provisioning, Filters: filters } = input;
  const chosen = all
    .filter(({ name }) => name.startsWith(filters?.TypeNamePrefix ?? ''))
    .filter(({ mutable }) => provisioning === undefined || (provisioning === 'FULLY_MUTABLE') === mutable);
  const page = paginate(chosen, {
    token: input.NextToken,
    size: input.MaxResults,
    maximum: 100,
    invalidCode: 'ValidationError',
  });
  return {
    TypeSummaries: page.items.map(({ name, arn }) => ({
      Type: 'RESOURCE',
      TypeName: name,
      TypeArn: arn,
      Description: described(name),
      LastUpdated: published,
      IsActivated: true,
    })),
    NextToken: page.nextToken,
  };
}

function versions(registry: Registry, input: ListTypeVersionsInput, context: CallContext) {
  const { name, arn } = find(registry, input, context);
  return {
    TypeVersionSummaries: [
      {
        Type: 'RESOURCE',
        TypeName: name,
        Arn: arn,
        IsDefaultVersion: true,
        Description: described(name),
        TimeCreated: published,
      },
    ],
  };
}

/** The registry, of which only AWS's own resource types exist here. */
export function registryOperations(registry: Registry): Record<string, Handler> {
  return {
    DescribeType: (input: DescribeTypeInput, context) => describe(registry, input, context),
    ListTypes: (input: ListTypesInput, context) => list(registry, input, context),
    ListTypeVersions: (input: ListTypeVersionsInput, context) => versions(registry, input, context),
    ListTypeRegistrations: () => ({ RegistrationTokenList: [] }),
  };
}
