import * as schemas from '@aws-sdk/client-ec2';
import type { Handler, ServiceFactory } from '../core/service';
import { serviceSchema } from '../wire/schema';
import { accountAttributeOperations } from './accountAttributes';
import { authorization } from './authorization';
import { dryRunOperation } from './errors';
import { allowedImageOperations } from './images/allowed';
import { imageAttributes } from './images/attributes';
import { imageChanges } from './images/create';
import { imageQueries } from './images/describe';
import { profileOperations } from './instances/associations';
import { instanceAttributes } from './instances/attributes';
import { instanceQueries } from './instances/describe';
import { lifecycleOperations } from './instances/lifecycle';
import { actForService } from './launch/control';
import { fleetOperations } from './launch/fleets';
import { keyPairOperations } from './launch/keyPairs';
import { templateOperations } from './launch/templates';
import { interfaceOperations } from './network/interfaces';
import { prefixListOperations } from './network/prefixLists';
import { subnetOperations } from './network/subnets';
import { vpcOperations } from './network/vpcs';
import { regionOperations } from './regions';
import { groupOperations } from './securityGroups/groups';
import { ruleOperations } from './securityGroups/rules';
import { Ec2, type Operation, type Operations } from './state';
import { encryptionOperations } from './storage/encryption';
import { snapshotOperations } from './storage/snapshots';
import { volumeOperations } from './storage/volumes';
import { tagOperations } from './tags';
import { trailDetails } from './trail';

const all: Operations = {
  ...regionOperations,
  ...vpcOperations,
  ...subnetOperations,
  ...prefixListOperations,
  ...groupOperations,
  ...ruleOperations,
  ...tagOperations,
  ...interfaceOperations,
  ...imageQueries,
  ...imageChanges,
  ...imageAttributes,
  ...allowedImageOperations,
  ...lifecycleOperations,
  ...instanceQueries,
  ...instanceAttributes,
  ...profileOperations,
  ...encryptionOperations,
  ...accountAttributeOperations,
  ...volumeOperations,
  ...snapshotOperations,
  ...templateOperations,
  ...keyPairOperations,
  ...fleetOperations,
};

/** Reading leaves no trace; with `DryRun` nothing runs at all. */
function handlerOf(ec2: Ec2, name: string, operation: Operation): Handler {
  const reads = /^(Describe|Get)/.test(name);
  return (input: { DryRun?: boolean }, context) => {
    if (input.DryRun) {
      throw dryRunOperation();
    }
    const cell = reads ? ec2.look(context) : ec2.at(context);
    for (const finish of cell.moving) {
      finish();
    }
    return operation(input, { ec2, context, cell });
  };
}

/** Amazon EC2: networks, security groups, prefix lists, images, instances and what belongs to them. */
export const createEc2: ServiceFactory = (world) => {
  const ec2 = new Ec2(world);
  const operations = Object.entries(all).map(([name, operation]) => [name, handlerOf(ec2, name, operation)] as const);
  return {
    signingNames: ['ec2'],
    schemas,
    operations: Object.fromEntries(operations),
    authorize: (operation, input, context) => authorization(ec2, operation, input, context),
    httpPaths: ['_ec2'],
    http: (request) => actForService(ec2, request),
    trail: (call) => trailDetails(serviceSchema(schemas), call),
  };
};
