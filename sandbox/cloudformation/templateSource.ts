import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';
import { checkConstraints } from './constraints';
import { validationError } from './errors';
import { limits } from './template/limits';

const moreInformation = 'For more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html';

/** Where a template lies in S3. */
interface S3Place {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string;
}

/** Bucket and key from an address in any of S3's styles, or in the local organization's own. */
function placeOf(url: string, endpoint: string): S3Place | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  const version = parsed.searchParams.get('versionId') ?? undefined;
  const path = decodeURIComponent(parsed.pathname.slice(1));
  if (parsed.protocol === 's3:') {
    throw validationError(`S3 error: Domain name specified in ${parsed.host} is not a valid S3 domain`);
  }
  const hosted = /^(.+)\.s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?$/.exec(parsed.hostname);
  if (hosted) {
    return { bucket: hosted[1] as string, key: path, version };
  }
  const local = parsed.host === new URL(endpoint).host;
  if (!local && !/^s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?$/.test(parsed.hostname)) {
    return undefined;
  }
  const slash = path.indexOf('/');
  return slash < 0 ? undefined : { bucket: path.slice(0, slash), key: path.slice(slash + 1), version };
}

/** Reads a template's text from S3 as the caller. @throws ServiceError `ValidationError` */
async function fetchTemplate(url: string, context: CallContext): Promise<string> {
  const place = placeOf(url, context.world.endpoint);
  if (!place || place.bucket === '' || place.key === '') {
    throw validationError('TemplateURL must be a supported URL.');
  }
  let body: Buffer;
  try {
    const answer = await context.world.call<{ Body?: Buffer }>(
      's3',
      'GetObject',
      { Bucket: place.bucket, Key: place.key, VersionId: place.version },
      { caller: context.caller, region: context.region, via: 'cloudformation.amazonaws.com' },
    );
    body = Buffer.from(answer.Body ?? []);
  } catch (error) {
    if (error instanceof ServiceError) {
      const said = error.code === 'AccessDenied' ? 'Access Denied' : error.message;
      throw validationError(`S3 error: ${said}\n${moreInformation}`);
    }
    throw error;
  }
  if (body.length > limits.urlBytes) {
    throw validationError('Template may not exceed 1000000 bytes in size.');
  }
  return body.toString('utf8');
}

/** A request's template, however it is given. */
export interface TemplateInput {
  TemplateBody?: string;
  TemplateURL?: string;
}

/**
 * The text of the template that a request brings; `undefined` when it brings none.
 *
 * @throws ServiceError `ValidationError`
 */
export async function templateText(input: TemplateInput, context: CallContext): Promise<string | undefined> {
  const { TemplateBody: body, TemplateURL: url } = input;
  if (body !== undefined && url !== undefined) {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  if (url !== undefined) {
    return fetchTemplate(url, context);
  }
  // CloudFormation's own calls (nested stacks, stack instances) hand on templates that came by address.
  if (body !== undefined && context.request) {
    if (Buffer.byteLength(body) > limits.bodyBytes) {
      throw validationError(
        `1 validation error detected: Value '${body}' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${limits.bodyBytes}`,
      );
    }
    checkConstraints([['templateBody', body, { minimum: 1 }]]);
  }
  return body;
}

/** @throws ServiceError `ValidationError` when there is no template */
export async function requiredTemplateText(input: TemplateInput, context: CallContext): Promise<string> {
  const text = await templateText(input, context);
  if (text === undefined) {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  return text;
}
