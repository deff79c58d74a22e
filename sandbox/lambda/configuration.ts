import { createHash, randomUUID } from 'node:crypto';
import type {
  CreateFunctionRequest,
  FunctionCode,
  FunctionConfiguration,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';
import { invalid } from './state';
import { unzip } from './unzip';

type Settings = CreateFunctionRequest | UpdateFunctionConfigurationRequest;

const runtime = /^(nodejs|python|java|dotnet|ruby|go|provided)[\w.]*$/;
const reservedVariables =
  /^(AWS_(REGION|DEFAULT_REGION|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|EXECUTION_ENV|LAMBDA_(?!LOG_LEVEL)\w+)|_HANDLER|_X_AMZN_TRACE_ID|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR)$/;
const environmentLimit = 4096;

/** Time as Lambda writes `LastModified`. */
function lambdaTime(time: Date): string {
  return time.toISOString().replace('Z', '+0000');
}

function checkEnvironment(settings: Settings): void {
  const variables = settings.Environment?.Variables ?? {};
  for (const name of Object.keys(variables)) {
    if (reservedVariables.test(name)) {
      throw invalid(
        `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${name}`,
      );
    }
    if (!/^[A-Za-z]\w*$/.test(name) && !/^_\w+$/.test(name)) {
      throw invalid(
        `1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]`,
      );
    }
  }
  const size = Buffer.byteLength(JSON.stringify(variables));
  if (size > environmentLimit) {
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(variables).slice(0, 64)}…`,
    );
  }
}

/** @throws ServiceError `InvalidParameterValueException`, `ValidationException` */
export function checkSettings(settings: Settings): void {
  const { Timeout, MemorySize, Runtime, Role } = settings;
  if (Timeout !== undefined && (Timeout < 1 || Timeout > 900)) {
    const bound = Timeout < 1 ? 'greater than or equal to 1' : 'less than or equal to 900';
    throw constraint(Timeout, 'timeout', `Member must have value ${bound}`);
  }
  if (MemorySize !== undefined && (MemorySize < 128 || MemorySize > 10_240)) {
    const bound = MemorySize < 128 ? 'greater than or equal to 128' : 'less than or equal to 10240';
    throw constraint(MemorySize, 'memorySize', `Member must have value ${bound}`);
  }
  if (Runtime !== undefined && !runtime.test(Runtime)) {
    throw invalid(
      `Value ${Runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set or be a valid ARN`,
    );
  }
  if (Role !== undefined && !/^arn:(aws[a-zA-Z-]*):iam::\d{12}:role\/?[\w+=,.@\-/]+$/.test(Role)) {
    throw constraint(
      Role,
      'role',
      'Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
    );
  }
  checkEnvironment(settings);
}

function constraint(value: unknown, field: string, rule: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${field}' failed to satisfy constraint: ${rule}`,
    400,
  );
}

/** Settings that a function has before any are given. */
export function initialConfiguration(name: string): FunctionConfiguration {
  return {
    Description: '',
    Timeout: 3,
    MemorySize: 128,
    Version: '$LATEST',
    TracingConfig: { Mode: 'PassThrough' },
    PackageType: 'Zip',
    Architectures: ['x86_64'],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

/** Lays given settings over a configuration; what is not given stays. */
export function applySettings(configuration: FunctionConfiguration, settings: Settings, now: Date): void {
  const given: FunctionConfiguration = {
    Runtime: settings.Runtime,
    Role: settings.Role,
    Handler: settings.Handler,
    Description: settings.Description,
    Timeout: settings.Timeout,
    MemorySize: settings.MemorySize,
    KMSKeyArn: settings.KMSKeyArn,
    DeadLetterConfig: settings.DeadLetterConfig,
    TracingConfig: settings.TracingConfig,
    EphemeralStorage: settings.EphemeralStorage,
    Environment: settings.Environment?.Variables ? { Variables: settings.Environment.Variables } : undefined,
    VpcConfig: settings.VpcConfig
      ? { SubnetIds: [], SecurityGroupIds: [], ...settings.VpcConfig, VpcId: '' }
      : undefined,
    LoggingConfig: settings.LoggingConfig ? { ...configuration.LoggingConfig, ...settings.LoggingConfig } : undefined,
    SnapStart: settings.SnapStart ? { ...settings.SnapStart, OptimizationStatus: 'Off' } : undefined,
    Layers: settings.Layers?.map((Arn) => ({ Arn, CodeSize: 0 })),
  };
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined) {
      Object.assign(configuration, { [key]: value });
    }
  }
  if (settings.Environment && Object.keys(settings.Environment.Variables ?? {}).length === 0) {
    configuration.Environment = undefined;
  }
  touch(configuration, now);
}

/** Each change gives a new revision. */
export function touch(configuration: FunctionConfiguration, now: Date): void {
  configuration.LastModified = lambdaTime(now);
  configuration.RevisionId = randomUUID();
}

/**
 * The deployment package that a request names: given, or read from S3 in the caller's name.
 *
 * @throws ServiceError `InvalidParameterValueException`
 */
export async function readCode(code: FunctionCode | undefined, context: CallContext): Promise<Buffer> {
  const zip = code?.ZipFile ? Buffer.from(code.ZipFile) : await fromBucket(code, context);
  try {
    unzip(zip);
  } catch (error) {
    const size = error instanceof Error && error.message.startsWith('Unzipped size') ? error.message : undefined;
    throw invalid(size ?? 'Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  return zip;
}

async function fromBucket(code: FunctionCode | undefined, context: CallContext): Promise<Buffer> {
  if (!code?.S3Bucket || !code.S3Key) {
    throw invalid('Please provide a source for function code.');
  }
  const input = { Bucket: code.S3Bucket, Key: code.S3Key, VersionId: code.S3ObjectVersion };
  try {
    const as = { caller: context.caller, region: context.region };
    const object = await context.world.call<{ Body: Uint8Array }>('s3', 'GetObject', input, as);
    return Buffer.from(object.Body);
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      throw error;
    }
    if (error.code === 'AccessDenied') {
      throw new ServiceError(
        'AccessDeniedException',
        `Your access has been denied by S3, please make sure your request credentials have permission to GetObject for ${code.S3Bucket}/${code.S3Key}. S3 Error Code: AccessDenied. S3 Error Message: ${error.message}`,
        403,
      );
    }
    throw invalid(`Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`);
  }
}

export function applyCode(configuration: FunctionConfiguration, zip: Buffer): void {
  configuration.CodeSize = zip.length;
  configuration.CodeSha256 = createHash('sha256').update(zip).digest('base64');
}
