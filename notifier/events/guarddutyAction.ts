import type { Action, RemoteEnd } from '../alert';
import { at, list, number, text } from './read';

/** What `service.action` tells: at most one of its members is filled, and it may be empty (`{}`). */
export function readAction(service: unknown): Action | undefined {
  const action = at(service, 'action');
  const api = at(action, 'awsApiCallAction');
  const network = at(action, 'networkConnectionAction');
  const dns = at(action, 'dnsRequestAction');
  const probe = at(action, 'portProbeAction');
  const kubernetes = at(action, 'kubernetesApiCallAction');
  const process = at(service, 'runtimeDetails', 'process');
  const found: readonly (readonly [Action['kind'], string, unknown])[] = [
    ['apiCall', joined([serviceOf(api), text(api, 'api')], ':'), api],
    ['network', connection(network), network],
    ['dns', text(dns, 'domain') ?? '', dns],
    [
      'portProbe',
      list(probe, 'portProbeDetails')
        .map((entry) => `:${port(entry, 'local') ?? '?'}`)
        .join(', '),
      probe,
    ],
    ['kubernetes', joined([text(kubernetes, 'verb'), text(kubernetes, 'requestUri')]), undefined],
    ['login', list(action, 'rdsLoginAttemptAction', 'loginAttributes').map(login).join(', '), undefined],
    [
      'runtime',
      text(service, 'runtimeDetails', 'context', 'commandLineExample') ??
        text(process, 'executablePath') ??
        text(process, 'name') ??
        '',
      undefined,
    ],
    ['other', text(action, 'actionType')?.replaceAll('_', ' ').toLowerCase() ?? '', undefined],
  ];
  const [kind, told, details] = found.find(([, words]) => words !== '') ?? [];
  return kind === undefined || told === undefined
    ? undefined
    : { kind, text: told, error: text(details, 'errorCode'), blocked: at(details, 'blocked') === true || undefined };
}

/** The other end of what happened, wherever the kind of action keeps it. */
export function readRemote(service: unknown): RemoteEnd | undefined {
  const action = at(service, 'action');
  const api = at(action, 'awsApiCallAction');
  const caller =
    text(api, 'domainDetails', 'domain') ??
    text(api, 'remoteAccountDetails', 'accountId') ??
    text(api, 'serviceDetails', 'serviceName');
  return (
    [
      api,
      at(action, 'networkConnectionAction'),
      at(action, 'kubernetesApiCallAction'),
      at(action, 'rdsLoginAttemptAction'),
      at(action, 'portProbeAction', 'portProbeDetails', 0),
    ]
      .map(remoteOf)
      .find((remote) => remote !== undefined) ?? (caller === undefined ? undefined : { address: caller })
  );
}

function remoteOf(holder: unknown): RemoteEnd | undefined {
  const details = at(holder, 'remoteIpDetails');
  const organization = at(details, 'organization');
  const address = text(details, 'ipAddressV4') ?? text(details, 'ipAddressV6') ?? text(holder, 'sourceIps', 0);
  return address === undefined
    ? undefined
    : {
        address,
        country: text(details, 'country', 'countryName') ?? text(details, 'country', 'countryCode'),
        city: text(details, 'city', 'cityName'),
        network: text(organization, 'asnOrg') ?? text(organization, 'org') ?? text(organization, 'isp'),
        autonomousSystem: text(organization, 'asn'),
        port: port(holder, 'remote'),
      };
}

function serviceOf(api: unknown): string | undefined {
  return text(api, 'serviceName')?.replace(/\.amazonaws\.com(\.cn)?$/, '');
}

function connection(network: unknown): string {
  const direction = text(network, 'connectionDirection')?.toLowerCase();
  const reached = port(network, direction === 'inbound' ? 'local' : 'remote');
  return joined([text(network, 'protocol'), direction === 'unknown' ? '' : direction, reached && `→ :${reached}`]);
}

function port(holder: unknown, end: 'local' | 'remote'): string | undefined {
  const found = number(holder, `${end}PortDetails`, 'port');
  const name = text(holder, `${end}PortDetails`, 'portName');
  return found === undefined ? undefined : joined([String(found), name && name !== 'Unknown' && `(${name})`]);
}

function login(attribute: unknown): string {
  const [succeeded, failed] = [text(attribute, 'successfulLoginAttempts'), text(attribute, 'failedLoginAttempts')];
  return joined([text(attribute, 'user'), succeeded && `✓ ${succeeded}`, failed && `✗ ${failed}`]);
}

function joined(words: readonly (string | undefined | false)[], separator = ' '): string {
  return words.filter((word) => word).join(separator);
}
