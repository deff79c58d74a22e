import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { Resource } from '../state';

export interface KeyPair extends Resource {
  readonly name: string;
  readonly type: string;
  readonly fingerprint: string;
  readonly publicKey: string;
  readonly createdAt: Date;
}

export interface TemplateVersion {
  readonly number: number;
  readonly description?: string;
  readonly data: RequestLaunchTemplateData;
  readonly createdAt: Date;
  readonly createdBy: string;
}

export interface LaunchTemplate extends Resource {
  readonly name: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly versions: Map<number, TemplateVersion>;
  defaultVersion: number;
  latestVersion: number;
}

export interface Fleet extends Resource {
  readonly type: string;
  readonly createdAt: Date;
  readonly request: Readonly<Record<string, unknown>>;
  readonly instanceIds: string[];
  readonly errors: readonly unknown[];
  state: string;
  targetCapacity: number;
}
