import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { differs, map, orUndo, pick, tagMap, text } from '../values';
import { responseModule } from './responseModule';
import { zip } from './zip';

const settings = [
  'Architectures',
  'DeadLetterConfig',
  'Description',
  'Environment',
  'EphemeralStorage',
  'FileSystemConfigs',
  'Handler',
  'ImageConfig',
  'KMSKeyArn',
  'Layers',
  'LoggingConfig',
  'MemorySize',
  'Role',
  'Runtime',
  'Timeout',
  'VpcConfig',
];

/** Code in the template itself becomes `index.js` or `index.py`, with the module that answers CloudFormation where it is found. */
function inlineCode(source: string, runtime: string): Buffer {
  return runtime.startsWith('python')
    ? zip({ 'index.py': source })
    : zip({ 'index.js': source, 'node_modules/cfn-response.js': responseModule });
}

function codeOf(properties: ValueMap): Record<string, unknown> {
  const { ZipFile, ...place } = map(properties.Code);
  return ZipFile === undefined ? place : { ZipFile: inlineCode(String(ZipFile), String(properties.Runtime ?? '')) };
}

function configurationOf(properties: ValueMap): Record<string, unknown> {
  const found: Record<string, unknown> = pick(properties, settings);
  if (properties.KmsKeyArn !== undefined) {
    found.KMSKeyArn = properties.KmsKeyArn;
  }
  if (properties.TracingConfig !== undefined) {
    found.TracingConfig = properties.TracingConfig;
  }
  if (properties.SnapStart !== undefined) {
    found.SnapStart = properties.SnapStart;
  }
  return found;
}

async function concurrency(context: ResourceContext, FunctionName: string, properties: ValueMap): Promise<void> {
  const { ReservedConcurrentExecutions } = properties;
  if (ReservedConcurrentExecutions === undefined) {
    await ifThere(() => context.call('lambda', 'DeleteFunctionConcurrency', { FunctionName }));
  } else {
    await context.call('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions });
  }
}

async function update(
  context: ResourceContext,
  FunctionName: string,
  after: ValueMap,
  before: ValueMap,
): Promise<undefined> {
  if (differs(before, after, ['Code', 'Architectures'])) {
    const Architectures = after.Architectures;
    await context.call('lambda', 'UpdateFunctionCode', { FunctionName, ...codeOf(after), Architectures });
  }
  const { Architectures: _architectures, ...configuration } = configurationOf(after);
  const { Architectures: _before, ...configurationBefore } = configurationOf(before);
  if (JSON.stringify(configuration) !== JSON.stringify(configurationBefore)) {
    const emptied = Object.keys(configurationBefore).filter((key) => !(key in configuration));
    const cleared = Object.fromEntries(
      emptied.map((key) => [key, cleanValues[key]]).filter(([, value]) => value !== undefined),
    );
    await context.call('lambda', 'UpdateFunctionConfiguration', { FunctionName, ...cleared, ...configuration });
  }
  if (differs(before, after, ['ReservedConcurrentExecutions'])) {
    await concurrency(context, FunctionName, after);
  }
  const tags = context.tagChanges(before.Tags, after.Tags);
  const Resource = context.arn('lambda', `function:${FunctionName}`);
  if (tags.set.length > 0) {
    await context.call('lambda', 'TagResource', { Resource, Tags: tagMap(tags.set) });
  }
  if (tags.remove.length > 0) {
    await context.call('lambda', 'UntagResource', { Resource, TagKeys: tags.remove });
  }
  return undefined;
}

/** What a setting goes back to when the template drops it. */
const cleanValues: Readonly<Record<string, unknown>> = {
  DeadLetterConfig: {},
  Description: '',
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  KMSKeyArn: '',
  Layers: [],
  MemorySize: 128,
  Timeout: 3,
  TracingConfig: { Mode: 'PassThrough' },
};

/** AWS::Lambda::Function */
export const lambdaFunction: ResourceProvider = {
  async create(context, properties) {
    const FunctionName = text(properties.FunctionName) ?? context.generateName(64);
    const { FunctionArn: Arn } = await context.call<{ FunctionArn: string }>('lambda', 'CreateFunction', {
      FunctionName,
      ...configurationOf(properties),
      ...pick(properties, ['PackageType', 'CodeSigningConfigArn']),
      Code: codeOf(properties),
      Tags: tagMap(context.tags(properties.Tags)),
    });
    if (properties.ReservedConcurrentExecutions !== undefined) {
      await orUndo(
        () => concurrency(context, FunctionName, properties),
        () => context.call('lambda', 'DeleteFunction', { FunctionName }),
      );
    }
    return { physicalId: FunctionName, attributes: { Arn } };
  },
  update,
  delete: (context, FunctionName) => ifThere(() => context.call('lambda', 'DeleteFunction', { FunctionName })),
  async read(context, FunctionName) {
    const { Configuration } = await context.call<ValueMap>('lambda', 'GetFunction', { FunctionName });
    const found = map(Configuration ?? null);
    const live = pick(found, ['Architectures', 'Description', 'Handler', 'MemorySize', 'Role', 'Runtime', 'Timeout']);
    return { ...live, FunctionName, Environment: pick(map(found.Environment ?? null), ['Variables']) };
  },
  adopt: async (context, identifier) => {
    const name = identifier.FunctionName ?? '';
    return { physicalId: name, attributes: { Arn: context.arn('lambda', `function:${name}`) } };
  },
};
