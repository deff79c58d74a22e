import type { Action, RemoteIpDetails } from '@aws-sdk/client-guardduty';
import type { ActionKind, FindingType } from './catalog/entry';

const remote: RemoteIpDetails = {
  IpAddressV4: '198.51.100.0',
  Organization: {
    Asn: '-1',
    AsnOrg: 'GeneratedFindingASNOrg',
    Isp: 'GeneratedFindingISP',
    Org: 'GeneratedFindingORG',
  },
  Country: { CountryName: 'GeneratedFindingCountryName' },
  City: { CityName: 'GeneratedFindingCityName' },
  GeoLocation: { Lat: 0, Lon: 0 },
};

const local = { IpAddressV4: '10.0.0.23' };

function connection(direction: 'INBOUND' | 'OUTBOUND'): Action {
  const outbound = direction === 'OUTBOUND';
  return {
    ActionType: 'NETWORK_CONNECTION',
    NetworkConnectionAction: {
      ConnectionDirection: direction,
      RemoteIpDetails: remote,
      RemotePortDetails: outbound ? { Port: 80, PortName: 'HTTP' } : { Port: 39677, PortName: 'Unknown' },
      LocalPortDetails: outbound ? { Port: 39677, PortName: 'Unknown' } : { Port: 22, PortName: 'SSH' },
      LocalIpDetails: local,
      LocalNetworkInterface: 'eni-bfcffe88',
      Protocol: 'TCP',
      Blocked: false,
    },
  };
}

function api(finding: FindingType): Action {
  const onBucket = finding.resource === 'S3Bucket';
  return {
    ActionType: 'AWS_API_CALL',
    AwsApiCallAction: {
      Api: 'GeneratedFindingAPIName',
      ServiceName: 'GeneratedFindingAPIServiceName',
      CallerType: 'Remote IP',
      ErrorCode: 'AccessDenied',
      UserAgent: 'GeneratedFindingUserAgent',
      RemoteIpDetails: remote,
      AffectedResources: onBucket ? { 'AWS::S3::Bucket': 'GeneratedFindingS3Bucket' } : {},
    },
  };
}

function kubernetesApi(): Action {
  return {
    ActionType: 'KUBERNETES_API_CALL',
    KubernetesApiCallAction: {
      RequestUri: 'GeneratedFindingRequestURI',
      Verb: 'create',
      Resource: 'GeneratedFindingResource',
      Namespace: 'GeneratedFindingNamespace',
      ResourceName: 'GeneratedFindingResourceName',
      SourceIps: ['198.51.100.0'],
      UserAgent: 'GeneratedFindingUserAgent',
      RemoteIpDetails: remote,
      StatusCode: 201,
      Parameters: 'GeneratedFindingActionParameters',
    },
  };
}

const builders: Readonly<Record<ActionKind, (finding: FindingType) => Action | undefined>> = {
  outbound: () => connection('OUTBOUND'),
  inbound: () => connection('INBOUND'),
  api,
  kubernetesApi,
  none: () => undefined,
  dns: () => ({
    ActionType: 'DNS_REQUEST',
    DnsRequestAction: {
      Domain: 'GeneratedFindingDomainName',
      DomainWithSuffix: 'GeneratedFindingDomainName.example',
      Protocol: 'UDP',
      Blocked: false,
    },
  }),
  portProbe: () => ({
    ActionType: 'PORT_PROBE',
    PortProbeAction: {
      Blocked: false,
      PortProbeDetails: [
        { LocalPortDetails: { Port: 80, PortName: 'HTTP' }, LocalIpDetails: local, RemoteIpDetails: remote },
      ],
    },
  }),
  kubernetesPermission: () => ({
    ActionType: 'KUBERNETES_API_CALL',
    KubernetesPermissionCheckedDetails: {
      Verb: 'get',
      Resource: 'GeneratedFindingResource',
      Namespace: 'GeneratedFindingNamespace',
      Allowed: true,
    },
  }),
  rdsLogin: () => ({
    ActionType: 'RDS_LOGIN_ATTEMPT',
    RdsLoginAttemptAction: {
      RemoteIpDetails: remote,
      LoginAttributes: [
        {
          User: 'GeneratedFindingUserName',
          Application: 'GeneratedFindingApplicationName',
          FailedLoginAttempts: 3,
          SuccessfulLoginAttempts: 1,
        },
      ],
    },
  }),
};

/** The `Action` of a sample finding; runtime findings, scans and attack sequences have none. */
export function sampleAction(finding: FindingType): Action | undefined {
  return builders[finding.action](finding);
}
