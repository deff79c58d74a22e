import { randomBytes, randomUUID } from 'node:crypto';
import { ServiceError } from '../core/errors';
import type { HttpRequest, HttpResponse } from '../core/service';
import type { World } from '../core/world';
import type { Invoker } from './invoke';
import type { Functions, LambdaFunction, Statement } from './state';

interface Found {
  readonly fn: LambdaFunction;
  readonly qualifier: string;
  readonly authType?: string;
}

/** Bytes of a request to a synchronous invocation. */
const requestLimit = 6_291_456;

function refusal(status: number, members: object): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(members) };
}

function forbidden(message: string): HttpResponse {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' };
  return { status: 403, headers, body: JSON.stringify({ Message: message }) };
}

function findUrl(functions: Functions, id: string): Found | undefined {
  for (const region of functions.regions.all()) {
    for (const fn of region.values()) {
      const found = [...fn.urls].find(([, config]) => config.FunctionUrl?.endsWith(`/${id}/`));
      if (found) {
        return { fn, qualifier: found[0], authType: found[1].AuthType };
      }
    }
  }
  return undefined;
}

/** Since October 2025 a URL asks for both: the right to call it, and to invoke the function through it. */
const neededActions = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'];

function admits(statement: Statement, action: string): boolean {
  const { StringEquals = {}, Bool = {} } = statement.Condition ?? {};
  return (
    statement.Principal === '*' &&
    [action, 'lambda:*', '*'].includes(statement.Action) &&
    (StringEquals['lambda:FunctionUrlAuthType'] ?? 'NONE') === 'NONE' &&
    (Bool['lambda:InvokedViaFunctionUrl'] ?? 'true') === 'true'
  );
}

/** A public URL also needs a policy that lets everybody in. */
function isPublic({ fn, qualifier, authType }: Found): boolean {
  const statements = fn.policies.get(qualifier) ?? [];
  return authType === 'NONE' && neededActions.every((action) => statements.some((one) => admits(one, action)));
}

/** What Lambda hands over as text; everything else, forms among it, comes as base64. */
function isText(type: string | undefined): boolean {
  return (
    type === undefined || /^(text\/|application\/(json|javascript|xml)\b|[\w.-]+\/[\w.-]+\+(json|xml)\b)/i.test(type)
  );
}

/** Headers as Lambda's front end passes them on. */
function headersOf(request: HttpRequest) {
  const { cookie: _cookie, connection: _connection, ...headers } = request.headers;
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return {
    ...headers,
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '443',
    'x-amzn-trace-id': `Root=1-${seconds}-${randomBytes(12).toString('hex')}`,
  };
}

/** The event of a function URL: API Gateway's payload format 2.0. */
function eventOf(world: World, id: string, request: HttpRequest, rawPath: string) {
  const { cookie } = request.headers;
  const headers = headersOf(request);
  const text = isText(request.headers['content-type']);
  const now = world.now();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: request.query.toString(),
    ...(cookie ? { cookies: cookie.split('; ') } : {}),
    headers,
    ...(request.query.size > 0 ? { queryStringParameters: Object.fromEntries(request.query) } : {}),
    requestContext: {
      accountId: 'anonymous',
      apiId: id,
      domainName: request.host,
      domainPrefix: id,
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: request.headers['user-agent'],
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(request.body.length > 0 ? { body: request.body.toString(text ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: !text,
  };
}

/** What a function returned, as an HTTP answer: an object with a status, or anything else as the body. */
function responseOf(payload: string): HttpResponse {
  const value = JSON.parse(payload) as Record<string, unknown> | string | null;
  if (typeof value !== 'object' || value === null || value.statusCode === undefined) {
    const body = typeof value === 'string' ? value : payload;
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const given = (value.headers ?? {}) as Record<string, unknown>;
  const headers = Object.fromEntries(Object.entries(given).map(([name, one]) => [name.toLowerCase(), String(one)]));
  const cookies: Record<string, string> = Array.isArray(value.cookies)
    ? { 'set-cookie': value.cookies.join(', ') }
    : {};
  const text = typeof value.body === 'string' ? value.body : JSON.stringify(value.body ?? '');
  const body = value.isBase64Encoded ? Buffer.from(text, 'base64') : text;
  return {
    status: Number(value.statusCode),
    headers: { 'content-type': 'application/json', ...headers, ...cookies },
    body,
  };
}

async function callUrl(
  world: World,
  functions: Functions,
  invoker: Invoker,
  request: HttpRequest,
  path: readonly string[],
): Promise<HttpResponse> {
  const [id = '', ...rest] = path;
  const found = findUrl(functions, id);
  if (!found) {
    return forbidden('Forbidden');
  }
  if (!isPublic(found)) {
    return forbidden(
      'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
    );
  }
  if (request.body.length > requestLimit) {
    return refusal(413, {
      Message: `Request must be smaller than ${requestLimit} bytes for the InvokeFunction operation`,
    });
  }
  const { fn, version } = functions.resolve(found.fn.arn, found.qualifier || undefined, found.fn.site);
  const event = eventOf(world, id, request, `/${rest.join('/')}`);
  const arn = found.qualifier ? `${fn.arn}:${found.qualifier}` : fn.arn;
  try {
    const run = await invoker.run(fn, version, JSON.stringify(event), arn);
    return run.error
      ? { status: 502, headers: { 'content-type': 'application/json' }, body: 'Internal Server Error' }
      : responseOf(run.payload ?? 'null');
  } catch (error) {
    if (error instanceof ServiceError && error.status === 429) {
      return refusal(429, { ...error.members, message: error.message });
    }
    throw error;
  }
}

/** `/_lambda/url/<id>/…`: a function's URL; `/_lambda/code/<region>/<account>/<name>.zip`: its deployment package. */
export function lambdaHttp(world: World, functions: Functions, invoker: Invoker) {
  return async (request: HttpRequest): Promise<HttpResponse | undefined> => {
    const [, , kind, ...rest] = request.path.split('/');
    if (kind === 'url') {
      return callUrl(world, functions, invoker, request, rest);
    }
    if (kind === 'code') {
      const [region = '', accountId = '', file = ''] = rest;
      const fn = functions.regions.at({ accountId, region }).get(file.replace(/\.zip$/, ''));
      return fn && request.query.get('revision') === fn.latest.configuration.RevisionId
        ? { status: 200, headers: { 'content-type': 'application/zip' }, body: fn.latest.zip }
        : { status: 403, body: 'Forbidden' };
    }
    return undefined;
  };
}
