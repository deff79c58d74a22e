import { validationError } from '../errors';
import type { ResourceContext } from '../resources/provider';
import { isMap, type Value, type ValueMap } from '../template/model';

const reference = /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}/g;

async function parameter(context: ResourceContext, rest: string, secure: boolean): Promise<string> {
  const [name = '', version] = rest.split(':');
  const answer = await context.call<{ Parameter?: { Value?: string } }>('ssm', 'GetParameter', {
    Name: version === undefined ? name : `${name}:${version}`,
    WithDecryption: secure,
  });
  return answer.Parameter?.Value ?? '';
}

async function secret(context: ResourceContext, rest: string): Promise<string> {
  const arn = /^(arn:(?:[^:]*:){5}[^:]+)(?::(.*))?$/.exec(rest);
  const parts = (arn ? (arn[2] ?? '') : rest).split(':');
  const id = arn ? (arn[1] as string) : (parts.shift() as string);
  const [, key, stage, versionId] = parts;
  const answer = await context.call<{ SecretString?: string }>('secretsmanager', 'GetSecretValue', {
    SecretId: id,
    VersionStage: stage || undefined,
    VersionId: versionId || undefined,
  });
  const text = answer.SecretString ?? '';
  return key ? fieldOf(text, key) : text;
}

function fieldOf(text: string, key: string): string {
  try {
    const value = (JSON.parse(text) as Record<string, unknown>)[key];
    if (value !== undefined) {
      return String(value);
    }
  } catch {
    throw validationError('Could not parse SecretString JSON');
  }
  throw validationError(`Could not find a value associated with JSONKey in SecretString`);
}

async function resolveText(text: string, context: ResourceContext): Promise<string> {
  let result = text;
  for (const [whole, kind, rest = ''] of text.matchAll(reference)) {
    const value =
      kind === 'secretsmanager' ? await secret(context, rest) : await parameter(context, rest, kind === 'ssm-secure');
    result = result.replace(whole, () => value);
  }
  return result;
}

async function resolve(value: Value, context: ResourceContext): Promise<Value> {
  if (typeof value === 'string') {
    return value.includes('{{resolve:') ? resolveText(value, context) : value;
  }
  if (Array.isArray(value)) {
    return Promise.all(value.map((each) => resolve(each, context)));
  }
  return isMap(value) ? resolveReferences(value, context) : value;
}

/** Puts what `{{resolve:…}}` names in its place. @throws ServiceError of the service asked */
export async function resolveReferences(properties: ValueMap, context: ResourceContext): Promise<ValueMap> {
  if (!JSON.stringify(properties).includes('{{resolve:')) {
    return properties;
  }
  const entries = await Promise.all(
    Object.entries(properties).map(async ([key, value]) => [key, await resolve(value, context)] as const),
  );
  return Object.fromEntries(entries);
}
