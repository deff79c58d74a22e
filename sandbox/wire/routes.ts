import { type OperationSchema, requiredCount, type ServiceSchema } from './schema';

interface Segment {
  readonly literal?: string;
  readonly label?: string;
  readonly greedy: boolean;
}

interface Route {
  readonly operation: OperationSchema;
  readonly method: string;
  readonly segments: readonly Segment[];
  readonly query: readonly (readonly [string, string])[];
  /** Required members in the query or headers, such as S3's `uploadId` and `x-amz-copy-source`. */
  readonly needsQuery: readonly string[];
  readonly needsHeaders: readonly string[];
}

/** The operation that a REST request means, and the labels in its path. */
export interface RouteMatch {
  readonly operation: OperationSchema;
  readonly labels: Readonly<Record<string, string>>;
}

function segmentOf(text: string): Segment {
  const label = /^\{(.+?)(\+?)\}$/.exec(text);
  return label ? { label: label[1], greedy: label[2] === '+' } : { literal: text, greedy: false };
}

function routeOf(operation: OperationSchema): Route | undefined {
  if (!operation.http) {
    return undefined;
  }
  const [method, template] = operation.http;
  const [path = '', query = ''] = template.split('?');
  const needsQuery: string[] = [];
  const needsHeaders: string[] = [];
  let bucket = false;
  let position = 0;
  const required = requiredCount(operation.input);
  for (const [name, member] of operation.input.isStructSchema() ? operation.input.structIterator() : []) {
    const traits = member.getMergedTraits();
    bucket ||= Boolean(traits.httpLabel) && name === 'Bucket' && !path.includes('{Bucket}');
    if (position++ < required) {
      needsQuery.push(...(traits.httpQuery ? [traits.httpQuery] : []));
      needsHeaders.push(...(traits.httpHeader ? [traits.httpHeader.toLowerCase()] : []));
    }
  }
  // Endpoint rules take the bucket out of S3's path templates; in path style it stands first.
  const whole = bucket ? `/{Bucket}${path === '/' ? '' : path}` : path;
  return {
    operation,
    method,
    segments: whole.split('/').slice(1).map(segmentOf),
    query: [...new URLSearchParams(query)].filter(([name]) => name !== 'x-id'),
    needsQuery,
    needsHeaders,
  };
}

const tables = new WeakMap<ServiceSchema, Route[]>();

function routesOf(schema: ServiceSchema): Route[] {
  let routes = tables.get(schema);
  if (!routes) {
    routes = [...schema.operations.values()].map(routeOf).filter((route) => route !== undefined);
    tables.set(schema, routes);
  }
  return routes;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function matchPath(route: Route, parts: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  const { segments } = route;
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) {
      return undefined;
    }
    if (segment.greedy && segment.label) {
      const rest = segments.length - index - 1;
      const value = parts.slice(index, parts.length - rest).join('/');
      const tail = matchPath({ ...route, segments: segments.slice(index + 1) }, parts.slice(parts.length - rest));
      return value === '' || !tail ? undefined : { ...labels, [segment.label]: decode(value), ...tail };
    }
    if (segment.label ? part === '' && index > 0 : segment.literal !== part) {
      return undefined;
    }
    if (segment.label) {
      labels[segment.label] = decode(part);
    }
  }
  return parts.length === segments.length ? labels : undefined;
}

interface RestRequest {
  readonly method: string;
  /** As on the wire, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** How well a route's query fits: the more literal and required parameters, the better. −1 when it does not. */
function fitness(route: Route, request: RestRequest): number {
  for (const [name, value] of route.query) {
    if (!request.query.has(name) || (value !== '' && request.query.get(name) !== value)) {
      return -1;
    }
  }
  const literals = route.segments.filter((segment) => segment.literal !== undefined).length;
  if (route.query.length === 0 && request.query.get('x-id') === route.operation.name) {
    return 1000;
  }
  const needed = route.needsQuery.every((name) => request.query.has(name));
  const headed = route.needsHeaders.every((name) => request.headers[name] !== undefined);
  const known = needed ? route.needsQuery.length * 10 : -10;
  return 100 + literals * 4 + route.query.length * 20 + known + (headed ? route.needsHeaders.length * 10 : -10);
}

/** Finds the operation whose method, path and query fit best. */
export function matchRoute(schema: ServiceSchema, request: RestRequest): RouteMatch | undefined {
  // A slash at the end belongs to S3's keys, but not when only the bucket stands before it.
  const depth = request.path.split('/').length;
  const trailing = request.path.length > 1 && request.path.endsWith('/');
  const variants =
    trailing && (depth === 3 || schema.namespace !== 'com.amazonaws.s3')
      ? [request.path, request.path.slice(0, -1)]
      : [request.path];
  for (const variant of variants) {
    const found = bestRoute(schema, request, variant.split('/').slice(1));
    if (found) {
      return found;
    }
  }
  return undefined;
}

function bestRoute(schema: ServiceSchema, request: RestRequest, parts: readonly string[]): RouteMatch | undefined {
  let best: RouteMatch | undefined;
  let bestFitness = -1;
  for (const route of routesOf(schema)) {
    if (route.method !== request.method) {
      continue;
    }
    const labels = matchPath(route, parts);
    const fit = labels ? fitness(route, request) : -1;
    if (labels && fit > bestFitness) {
      best = { operation: route.operation, labels };
      bestFitness = fit;
    }
  }
  return best;
}
