import type { Resource } from '../state';

export interface VolumeAttachment {
  readonly instanceId: string;
  readonly device: string;
  readonly attachedAt: Date;
  deleteOnTermination: boolean;
}

export interface Volume extends Resource {
  readonly zone: string;
  size: number;
  type: string;
  iops?: number;
  throughput?: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly snapshotId?: string;
  readonly multiAttach: boolean;
  readonly createdAt: Date;
  attachment?: VolumeAttachment;
}

export interface Snapshot extends Resource {
  readonly volumeId: string;
  readonly volumeSize: number;
  readonly description: string;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly startedAt: Date;
  /** Accounts that may make volumes of it; `all` for everybody. */
  readonly sharedWith: Set<string>;
  state: string;
}
