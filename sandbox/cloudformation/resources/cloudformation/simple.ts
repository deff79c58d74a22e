import { randomUUID } from 'node:crypto';
import type { ResourceProvider } from '../provider';

/** AWS::CDK::Metadata: only tells AWS which constructs are in use. */
export const metadata: ResourceProvider = {
  create: async () => ({ physicalId: randomUUID() }),
  update: async () => undefined,
  delete: async () => {},
};

/** AWS::CloudFormation::WaitConditionHandle: `Ref` is the address to which signals are put. */
export const waitConditionHandle: ResourceProvider = {
  async create(context) {
    const { endpoint } = context.world;
    const path = [context.stackId, context.logicalId].map(encodeURIComponent).join('/');
    const url = `${endpoint}/_cloudformation/signal/${path}`;
    return { physicalId: url, attributes: { Id: url } };
  },
  update: async () => undefined,
  delete: async () => {},
};

/** AWS::CloudFormation::WaitCondition: waiting for its signals is part of every resource's creation. */
export const waitCondition: ResourceProvider = {
  async create(context) {
    const id = `${context.stackId}/${context.logicalId}`;
    return { physicalId: id, attributes: { Id: id, Data: '{}' } };
  },
  update: async () => undefined,
  delete: async () => {},
};
