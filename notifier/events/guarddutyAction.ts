import type { Action, RemoteEnd } from '../alert';
import { at, list, number, text, texts } from './read';

/** What `service.action` tells: exactly one of its members is filled, and it may be empty (`{}`). */
export function readAction(service: unknown): Action | undefined {
  const action = at(service, 'action');
  const api = at(action, 'awsApiCallAction');
  const kubernetes = at(action, 'kubernetesApiCallAction');
  const network = at(action, 'networkConnectionAction');
  const domain = text(action, 'dnsRequestAction', 'domain');
  const probes = list(action, 'portProbeAction', 'portProbeDetails');
  if (text(api, 'api') !== undefined) {
    return { kind: 'apiCall', text: apiName(api), error: text(api, 'errorCode') };
  }
  if (text(network, 'connectionDirection') !== undefined || text(network, 'protocol') !== undefined) {
    return { kind: 'network', text: connection(network), blocked: blocked(network) };
  }
  if (domain !== undefined) {
    return { kind: 'dns', text: domain, blocked: blocked(at(action, 'dnsRequestAction')) };
  }
  if (probes.length > 0) {
    return { kind: 'portProbe', text: probes.map(probe).join(', '), blocked: blocked(at(action, 'portProbeAction')) };
  }
  if (text(kubernetes, 'verb') !== undefined || text(kubernetes, 'requestUri') !== undefined) {
    return { kind: 'kubernetes', text: joined([text(kubernetes, 'verb'), text(kubernetes, 'requestUri')]) };
  }
  return login(at(action, 'rdsLoginAttemptAction')) ?? runtimeAction(service);
}

/** The other end of what happened, wherever the kind of action keeps it. */
export function readRemote(service: unknown): RemoteEnd | undefined {
  const action = at(service, 'action');
  const holders = [
    at(action, 'awsApiCallAction'),
    at(action, 'networkConnectionAction'),
    at(action, 'kubernetesApiCallAction'),
    at(action, 'rdsLoginAttemptAction'),
    at(action, 'portProbeAction', 'portProbeDetails', 0),
  ];
  const remotes = holders.map(remoteOf).filter((remote): remote is RemoteEnd => remote !== undefined);
  return remotes[0] ?? domainCaller(at(action, 'awsApiCallAction')) ?? sequenceEndpoint(service);
}

function remoteOf(holder: unknown): RemoteEnd | undefined {
  const details = at(holder, 'remoteIpDetails');
  const address = text(details, 'ipAddressV4') ?? text(details, 'ipAddressV6') ?? text(holder, 'sourceIps', 0);
  const organization = at(details, 'organization');
  return address === undefined
    ? undefined
    : {
        address,
        country: text(details, 'country', 'countryName') ?? text(details, 'country', 'countryCode'),
        city: text(details, 'city', 'cityName'),
        network: text(organization, 'asnOrg') ?? text(organization, 'org') ?? text(organization, 'isp'),
        autonomousSystem: text(organization, 'asn'),
        port: port(at(holder, 'remotePortDetails')),
      };
}

function domainCaller(api: unknown): RemoteEnd | undefined {
  const address =
    text(api, 'domainDetails', 'domain') ??
    text(api, 'remoteAccountDetails', 'accountId') ??
    text(api, 'serviceDetails', 'serviceName');
  return address === undefined ? undefined : { address };
}

function sequenceEndpoint(service: unknown): RemoteEnd | undefined {
  const endpoint = at(service, 'detection', 'sequence', 'endpoints', 0);
  const address = text(endpoint, 'ip') ?? text(endpoint, 'domain');
  return address === undefined
    ? undefined
    : {
        address,
        country: text(endpoint, 'location', 'country'),
        city: text(endpoint, 'location', 'city'),
        network: text(endpoint, 'autonomousSystem', 'name'),
        autonomousSystem: text(endpoint, 'autonomousSystem', 'number'),
      };
}

function apiName(api: unknown): string {
  const service = text(api, 'serviceName')?.replace(/\.amazonaws\.com(\.cn)?$/, '');
  return service === undefined ? (text(api, 'api') ?? '') : `${service}:${text(api, 'api')}`;
}

function connection(network: unknown): string {
  const direction = text(network, 'connectionDirection')?.toLowerCase();
  const remote = port(at(network, 'remotePortDetails'));
  const local = port(at(network, 'localPortDetails'));
  return joined([
    text(network, 'protocol'),
    direction === 'unknown' ? undefined : direction,
    direction === 'inbound' ? local && `→ :${local}` : remote && `→ :${remote}`,
  ]);
}

function probe(details: unknown): string {
  return `:${port(at(details, 'localPortDetails')) ?? '?'}`;
}

function port(details: unknown): string | undefined {
  const name = text(details, 'portName');
  const found = number(details, 'port');
  return found === undefined
    ? undefined
    : joined([String(found), name === 'Unknown' ? undefined : name && `(${name})`]);
}

function login(action: unknown): Action | undefined {
  const attempts = list(action, 'loginAttributes').map((attribute) =>
    joined([
      text(attribute, 'user'),
      text(attribute, 'successfulLoginAttempts') && `✓ ${text(attribute, 'successfulLoginAttempts')}`,
      text(attribute, 'failedLoginAttempts') && `✗ ${text(attribute, 'failedLoginAttempts')}`,
    ]),
  );
  return attempts.length === 0 ? undefined : { kind: 'login', text: attempts.join(', ') };
}

function runtimeAction(service: unknown): Action | undefined {
  const process = at(service, 'runtimeDetails', 'process');
  const executable = text(process, 'executablePath') ?? text(process, 'name');
  const command = text(service, 'runtimeDetails', 'context', 'commandLineExample');
  if (executable !== undefined || command !== undefined) {
    return { kind: 'runtime', text: command ?? executable ?? '' };
  }
  const kind = text(service, 'action', 'actionType');
  const sensitive = texts(service, 'action', 'kubernetesRoleDetails', 'name')[0];
  return kind === undefined
    ? undefined
    : { kind: 'other', text: joined([kind.replaceAll('_', ' ').toLowerCase(), sensitive]) };
}

function blocked(action: unknown): boolean | undefined {
  return at(action, 'blocked') === true ? true : undefined;
}

function joined(parts: readonly (string | undefined | false)[]): string {
  return parts.filter((part) => part).join(' ');
}
