import { type Row, rows } from './entry';

const cluster = 'GeneratedFindingEKSClusterName';

const fromAddress = (purpose: string, severity: number, what: string): Row[] => [
  [
    `${purpose}:Kubernetes/MaliciousIPCaller`,
    severity,
    `A Kubernetes API commonly used in ${what} tactics was invoked from a known malicious IP address.`,
  ],
  [
    `${purpose}:Kubernetes/MaliciousIPCaller.Custom`,
    severity,
    `A Kubernetes API commonly used in ${what} tactics was invoked from an IP address on a custom threat list.`,
  ],
  [
    `${purpose}:Kubernetes/SuccessfulAnonymousAccess`,
    severity,
    `A Kubernetes API commonly used in ${what} tactics was invoked by an unauthenticated user.`,
  ],
  [
    `${purpose}:Kubernetes/TorIPCaller`,
    severity,
    `A Kubernetes API commonly used in ${what} tactics was invoked from a Tor exit node IP address.`,
  ],
];

const table: readonly Row[] = [
  [
    'CredentialAccess:Kubernetes/AnomalousBehavior.SecretsAccessed',
    5,
    `A Kubernetes API commonly used to access secrets was invoked in an anomalous way in ${cluster}.`,
  ],
  ...fromAddress('CredentialAccess', 8, 'CredentialAccess'),
  ...fromAddress('DefenseEvasion', 8, 'DefenseEvasion'),
  [
    'Discovery:Kubernetes/AnomalousBehavior.PermissionChecked',
    2,
    `A permission was checked in an anomalous way in Kubernetes cluster ${cluster}.`,
    'kubernetesPermission',
  ],
  ...fromAddress('Discovery', 5, 'Discovery'),
  [
    'Execution:Kubernetes/AnomalousBehavior.ExecInPod',
    5,
    `A command was executed inside a pod in an anomalous way in ${cluster}.`,
  ],
  [
    'Execution:Kubernetes/AnomalousBehavior.WorkloadDeployed',
    2,
    `A workload was deployed in an anomalous way in ${cluster}.`,
  ],
  [
    'Execution:Kubernetes/ExecInKubeSystemPod',
    5,
    `A command was executed inside a pod in the kube-system namespace of ${cluster}.`,
  ],
  ...fromAddress('Impact', 8, 'Impact'),
  [
    'Persistence:Kubernetes/AnomalousBehavior.WorkloadDeployed!ContainerWithSensitiveMount',
    8,
    `A workload with a sensitive host mount was deployed in an anomalous way in ${cluster}.`,
  ],
  [
    'Persistence:Kubernetes/ContainerWithSensitiveMount',
    5,
    `A container with a sensitive host path mounted inside was launched in ${cluster}.`,
  ],
  ...fromAddress('Persistence', 5, 'Persistence'),
  [
    'Policy:Kubernetes/AdminAccessToDefaultServiceAccount',
    8,
    `The default service account was granted admin privileges on ${cluster}.`,
  ],
  [
    'Policy:Kubernetes/AnonymousAccessGranted',
    8,
    `The system:anonymous user was granted API permission on ${cluster}.`,
  ],
  [
    'Policy:Kubernetes/ExposedDashboard',
    5,
    `The dashboard of Kubernetes cluster ${cluster} was exposed to the internet.`,
  ],
  [
    'Policy:Kubernetes/KubeflowDashboardExposed',
    5,
    `The Kubeflow dashboard of cluster ${cluster} was exposed to the internet.`,
  ],
  [
    'PrivilegeEscalation:Kubernetes/AnomalousBehavior.RoleBindingCreated',
    8,
    `A RoleBinding or ClusterRoleBinding to an overly permissive role was created in an anomalous way in ${cluster}.`,
  ],
  [
    'PrivilegeEscalation:Kubernetes/AnomalousBehavior.RoleCreated',
    2,
    `A highly permissive Role or ClusterRole was created in an anomalous way in ${cluster}.`,
  ],
  [
    'PrivilegeEscalation:Kubernetes/AnomalousBehavior.WorkloadDeployed!PrivilegedContainer',
    8,
    `A workload with a privileged container was deployed in an anomalous way in ${cluster}.`,
  ],
  [
    'PrivilegeEscalation:Kubernetes/PrivilegedContainer',
    5,
    `A privileged container was launched in Kubernetes cluster ${cluster}.`,
  ],
];

const files: readonly Row[] = [
  ['Execution:Kubernetes/MaliciousFile', 8, `A malicious file was found on a Kubernetes workload of ${cluster}.`],
  ['Execution:Kubernetes/SuspiciousFile', 5, `A suspicious file was found on a Kubernetes workload of ${cluster}.`],
];

export const kubernetes = [
  ...rows(table, { resource: 'EKSCluster', action: 'kubernetesApi', feature: 'EksAuditLogs' }),
  ...rows(files, { resource: 'EKSCluster', action: 'none', feature: 'EbsVolumeScan' }),
];
