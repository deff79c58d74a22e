import {
  ChildType,
  type CreateOrganizationalUnitRequest,
  type DeleteOrganizationalUnitRequest,
  type DescribeOrganizationalUnitRequest,
  type ListChildrenRequest,
  type ListOrganizationalUnitsForParentRequest,
  type ListParentsRequest,
  type UpdateOrganizationalUnitRequest,
} from '@aws-sdk/client-organizations';
import type { Handler } from '../core/service';
import { asManagement, asReader } from './access';
import { describeUnit } from './describe';
import { constraint, organizationsError } from './errors';
import { addUnit } from './found';
import { matching, oneOf, page, patterns, text } from './input';
import { chain, childrenOf, type Node, type Organization, type OrganizationsState } from './state';
import { checkedTags } from './tags';

const depthLimit = 5;
const unitLimit = 2_000;

/** The root or unit that is to be a parent. */
export function parent(organization: Organization, id: string | undefined): Node {
  const node = organization.nodes.get(matching(id, patterns.parent));
  if (!node || node.kind === 'ACCOUNT') {
    throw organizationsError('ParentNotFoundException');
  }
  return node;
}

function unit(organization: Organization, id: string | undefined): Node {
  const node = organization.nodes.get(matching(id, patterns.unit));
  if (node?.kind !== 'ORGANIZATIONAL_UNIT') {
    throw organizationsError('OrganizationalUnitNotFoundException');
  }
  return node;
}

function refuseDuplicate(organization: Organization, parentId: string, name: string): void {
  const siblings = childrenOf(organization, parentId).filter((node) => node.kind === 'ORGANIZATIONAL_UNIT');
  if (siblings.some((sibling) => sibling.name === name)) {
    throw organizationsError('DuplicateOrganizationalUnitException');
  }
}

function create(state: OrganizationsState): Handler {
  return (input: CreateOrganizationalUnitRequest, context) => {
    const name = text(input.Name, 1, 128);
    const tags = checkedTags(input.Tags);
    const organization = asManagement(state, context, 'CreateOrganizationalUnit');
    const above = parent(organization, input.ParentId);
    refuseDuplicate(organization, above.id, name);
    if (chain(organization, above.id).length > depthLimit) {
      throw constraint('OU_DEPTH_LIMIT_EXCEEDED', 'You have exceeded the maximum depth of the OU hierarchy.');
    }
    const count = [...organization.nodes.values()].filter((node) => node.kind === 'ORGANIZATIONAL_UNIT').length;
    if (count >= unitLimit) {
      throw constraint('OU_NUMBER_LIMIT_EXCEEDED', 'You have exceeded the maximum number of OUs.');
    }
    const created = addUnit(organization, above.id, name);
    for (const [key, value] of tags) {
      created.tags.set(key, value);
    }
    return { OrganizationalUnit: describeUnit(state, organization, created) };
  };
}

function update(state: OrganizationsState): Handler {
  return (input: UpdateOrganizationalUnitRequest, context) => {
    const organization = asManagement(state, context, 'UpdateOrganizationalUnit');
    const changed = unit(organization, input.OrganizationalUnitId);
    if (input.Name !== undefined) {
      const name = text(input.Name, 1, 128);
      refuseDuplicate(organization, changed.parentId as string, name);
      changed.name = name;
    }
    return { OrganizationalUnit: describeUnit(state, organization, changed) };
  };
}

/** Organizational units, and the tree that they make. */
export function unitOperations(state: OrganizationsState): Record<string, Handler> {
  return {
    CreateOrganizationalUnit: create(state),
    UpdateOrganizationalUnit: update(state),
    DeleteOrganizationalUnit: (input: DeleteOrganizationalUnitRequest, context) => {
      const organization = asManagement(state, context, 'DeleteOrganizationalUnit');
      const removed = unit(organization, input.OrganizationalUnitId);
      if (childrenOf(organization, removed.id).length > 0) {
        throw organizationsError('OrganizationalUnitNotEmptyException');
      }
      organization.nodes.delete(removed.id);
    },
    DescribeOrganizationalUnit: (input: DescribeOrganizationalUnitRequest, context) => {
      const organization = asReader(state, context, 'DescribeOrganizationalUnit');
      return { OrganizationalUnit: describeUnit(state, organization, unit(organization, input.OrganizationalUnitId)) };
    },
    ListOrganizationalUnitsForParent: (input: ListOrganizationalUnitsForParentRequest, context) => {
      const organization = asReader(state, context, 'ListOrganizationalUnitsForParent');
      const above = parent(organization, input.ParentId);
      const units = childrenOf(organization, above.id).filter((node) => node.kind === 'ORGANIZATIONAL_UNIT');
      const found = page(units, input);
      return {
        OrganizationalUnits: found.items.map((each) => describeUnit(state, organization, each)),
        NextToken: found.nextToken,
      };
    },
    ListChildren: (input: ListChildrenRequest, context) => {
      const type = oneOf(input.ChildType, ChildType);
      const organization = asReader(state, context, 'ListChildren');
      const above = parent(organization, input.ParentId);
      const found = page(
        childrenOf(organization, above.id).filter((node) => node.kind === type),
        input,
      );
      return { Children: found.items.map(({ id, kind }) => ({ Id: id, Type: kind })), NextToken: found.nextToken };
    },
    ListParents: (input: ListParentsRequest, context) => {
      const id = matching(input.ChildId, patterns.child);
      const organization = asReader(state, context, 'ListParents');
      const above = organization.nodes.get(organization.nodes.get(id)?.parentId ?? '');
      if (!above) {
        throw organizationsError('ChildNotFoundException');
      }
      const found = page([above], input);
      return { Parents: found.items.map((each) => ({ Id: each.id, Type: each.kind })), NextToken: found.nextToken };
    },
  };
}
