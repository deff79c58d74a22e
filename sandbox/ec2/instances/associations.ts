import type {
  AssociateIamInstanceProfileRequest,
  DescribeIamInstanceProfileAssociationsRequest,
  DisassociateIamInstanceProfileRequest,
  ReplaceIamInstanceProfileAssociationRequest,
} from '@aws-sdk/client-ec2';
import { ec2Error } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import type { Cell, Operations } from '../state';
import { findInstance } from './find';
import type { Instance } from './model';
import { findProfile } from './profiles';

function shapeOf(instance: Instance, state: string) {
  const { profile } = instance;
  return {
    AssociationId: profile?.associationId,
    InstanceId: instance.id,
    IamInstanceProfile: profile && { Arn: profile.arn, Id: profile.id },
    State: state,
  };
}

/** @throws ServiceError `InvalidAssociationID.NotFound` */
function associated(cell: Cell, id: string | undefined): Instance {
  const found = [...cell.instances.values()].find(({ profile }) => profile && profile.associationId === id);
  if (!found) {
    throw ec2Error('InvalidAssociationID.NotFound', `An invalid association-id of '${id}' was given`);
  }
  return found;
}

const fields: FilterFields<Instance> = {
  'instance-id': (instance) => instance.id,
  state: () => 'associated',
};

function describe(input: DescribeIamInstanceProfileAssociationsRequest, cell: Cell) {
  const ids = input.AssociationIds ?? [];
  const all =
    ids.length > 0
      ? ids.map((id) => associated(cell, id))
      : [...cell.instances.values()].filter(({ profile, state }) => profile && state !== 'terminated');
  const page = pageOf(filtered(all, input.Filters, fields), input);
  const IamInstanceProfileAssociations = page.items.map((instance) => shapeOf(instance, 'associated'));
  return { IamInstanceProfileAssociations, NextToken: page.NextToken };
}

/** The instance profile of an instance that stands: given, exchanged, taken away. */
export const profileOperations: Operations = {
  AssociateIamInstanceProfile: async (input: AssociateIamInstanceProfileRequest, place) => {
    const instance = findInstance(place.cell, input.InstanceId);
    const profile = await findProfile(place, input.IamInstanceProfile);
    if (instance.profile) {
      const message = `There is an existing association for instance ${instance.id}`;
      throw ec2Error('IncorrectState', message);
    }
    instance.profile = profile;
    return { IamInstanceProfileAssociation: shapeOf(instance, 'associating') };
  },
  ReplaceIamInstanceProfileAssociation: async (input: ReplaceIamInstanceProfileAssociationRequest, place) => {
    const instance = associated(place.cell, input.AssociationId);
    instance.profile = await findProfile(place, input.IamInstanceProfile);
    return { IamInstanceProfileAssociation: shapeOf(instance, 'associating') };
  },
  DisassociateIamInstanceProfile: (input: DisassociateIamInstanceProfileRequest, { cell }) => {
    const instance = associated(cell, input.AssociationId);
    const shape = shapeOf(instance, 'disassociating');
    instance.profile = undefined;
    return { IamInstanceProfileAssociation: shape };
  },
  DescribeIamInstanceProfileAssociations: (input: DescribeIamInstanceProfileAssociationsRequest, { cell }) =>
    describe(input, cell),
};
