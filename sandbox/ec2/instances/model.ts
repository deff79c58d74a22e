import type { Placement } from '@aws-sdk/client-ec2';
import type { Resource } from '../state';

/** States and the codes by which EC2 tells them. */
export const stateCodes = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;

export type StateName = keyof typeof stateCodes;

export function stateShape(name: StateName): { Code: number; Name: StateName } {
  return { Code: stateCodes[name], Name: name };
}

export interface Instance extends Resource {
  readonly reservationId: string;
  readonly requesterId?: string;
  readonly launchIndex: number;
  readonly imageId: string;
  readonly clientToken?: string;
  readonly keyName?: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly address: string;
  readonly architecture: string;
  readonly windows: boolean;
  readonly platformDetails: string;
  readonly virtualization: string;
  readonly rootDeviceName: string;
  readonly tenancy: string;
  readonly placement: Placement;
  readonly lifecycle?: 'spot';
  readonly hibernation: boolean;
  type: string;
  launchedAt: Date;
  publicAddress?: string;
  profile?: { readonly arn: string; readonly id: string; readonly associationId: string };
  monitoring: boolean;
  userData?: string;
  ebsOptimized: boolean;
  terminationProtected: boolean;
  stopProtected: boolean;
  shutdownBehavior: string;
  metadata: Readonly<Record<string, string | number>>;
  state: StateName;
  stateReason?: { readonly Code: string; readonly Message: string };
  transitionReason: string;
  endedAt?: Date;
  /** Counts changes of state: a later one makes those that still wait void. */
  changes: number;
}
