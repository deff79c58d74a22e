import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GarrisonError } from '../organization/errors';

/** A file that a stack needs in the assets bucket. Its key is made from its content: once there, it never changes. */
export interface FileAsset {
  readonly id: string;
  /** Absolute path of a file, or of a folder that is to be zipped. */
  readonly path: string;
  readonly packaging: 'file' | 'zip';
  readonly bucket: string;
  readonly key: string;
}

/** A stack as the CDK app synthesized it. */
export interface AssemblyStack {
  /** Unique in the assembly, such as `garrison-execution-member`. */
  readonly id: string;
  /** The stack's name in CloudFormation, which variants share. */
  readonly stackName: string;
  /** Absent where the stack is meant for any account. */
  readonly accountId?: string;
  readonly region?: string;
  /** The template's text, as it is deployed. */
  readonly templateBody: string;
  readonly template: Template;
  readonly assets: readonly FileAsset[];
  /** CloudFormation's stack-level tags. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A CloudFormation template, as far as we look into it. */
export interface Template {
  readonly Description?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  /** `aws://account/region`; `unknown-account` and `unknown-region` where the stack is meant for any. */
  readonly environment?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly tags?: Record<string, string>;
    readonly file?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: 'file' | 'zip' };
        readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
      }
    >
  >;
}

/**
 * Reads the cloud assembly that the CDK app wrote.
 *
 * @throws GarrisonError `assembly.missing` when the folder holds none
 */
export function readAssembly(directory: string): AssemblyStack[] {
  const file = join(directory, 'manifest.json');
  if (!existsSync(file)) {
    throw new GarrisonError(
      'assembly.missing',
      `${directory} holds no cloud assembly`,
      'Run the CDK app first: `npx cdk synth`.',
      { file },
    );
  }
  const { artifacts = {} } = readJson<Manifest>(file);
  return Object.entries(artifacts)
    .filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack')
    .map(([id, artifact]) => readStack(id, artifact, artifacts, directory));
}

/** @throws GarrisonError `assembly.stack` when there is none of that id */
export function stackOf(assembly: readonly AssemblyStack[], id: string): AssemblyStack {
  const found = assembly.find((stack) => stack.id === id);
  if (!found) {
    throw new GarrisonError(
      'assembly.stack',
      `The cloud assembly holds no stack ${id}`,
      `It holds ${assembly.map((stack) => stack.id).join(', ') || 'none'}.`,
    );
  }
  return found;
}

function readStack(
  id: string,
  artifact: Artifact,
  artifacts: Readonly<Record<string, Artifact>>,
  directory: string,
): AssemblyStack {
  const templateBody = readFileSync(
    join(directory, artifact.properties?.templateFile ?? `${id}.template.json`),
    'utf8',
  );
  const [account, region] = (artifact.environment ?? '').replace('aws://', '').split('/');
  return {
    id,
    stackName: artifact.properties?.stackName ?? id,
    accountId: known(account),
    region: known(region),
    templateBody,
    template: JSON.parse(templateBody) as Template,
    assets: readAssets(artifacts[`${id}.assets`], directory),
    tags: artifact.properties?.tags ?? {},
  };
}

function readAssets(artifact: Artifact | undefined, directory: string): FileAsset[] {
  if (!artifact?.properties?.file) {
    return [];
  }
  const { files = {} } = readJson<AssetManifest>(join(directory, artifact.properties.file));
  return Object.entries(files).flatMap(([id, { source, destinations }]) =>
    Object.values(destinations).map((destination) => ({
      id,
      path: join(directory, source.path),
      packaging: source.packaging,
      bucket: destination.bucketName,
      key: destination.objectKey,
    })),
  );
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

function known(part: string | undefined): string | undefined {
  return part === undefined || part === '' || part.startsWith('unknown-') ? undefined : part;
}
