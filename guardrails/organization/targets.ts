import {
  DescribeAccountCommand,
  OrganizationsClient,
  paginateListOrganizationalUnitsForParent,
} from '@aws-sdk/client-organizations';
import { GarrisonError } from '../../organization/errors';
import type { Session } from '../../organization/sessions';
import { nearest, quoted } from '../../organization/text';
import { unitPath } from '../../organization/unitPaths';
import { refused, rootOf } from './observe';
import type { Target } from './types';

/** The roots and organizational units of an organization, by what people call them. */
export interface Tree {
  readonly rootId: string;
  /** Path by id. */
  readonly units: ReadonlyMap<string, string>;
}

/** Reads the tree. Throws GarrisonError when the caller may not. */
export async function readTree(session: Session): Promise<Tree> {
  const client = session.client(OrganizationsClient, session.homeRegion);
  const units = new Map<string, string>();
  const visit = async (ParentId: string, path: string): Promise<void> => {
    for await (const page of paginateListOrganizationalUnitsForParent({ client, pageSize: 20 }, { ParentId })) {
      for (const { Id = '', Name = '' } of page.OrganizationalUnits ?? []) {
        units.set(Id, `${path}${Name}`);
        await visit(Id, `${path}${Name}/`);
      }
    }
  };
  try {
    const { id: rootId } = await rootOf(client);
    await visit(rootId, '');
    return { rootId, units };
  } catch (error) {
    throw refused(error, session);
  }
}

/**
 * The target that a person means: `root`, an id, an account, or a unit's path.
 *
 * @throws GarrisonError `guardrail.target` when there is none, or more than one
 */
export async function findTarget(text: string, tree: Tree, session: Session): Promise<Target> {
  const name = unitPath(text);
  if (name.toLowerCase() === 'root' || name === tree.rootId) {
    return { id: tree.rootId, kind: 'root', name: 'root' };
  }
  if (/^\d{12}$/.test(name)) {
    return account(name, session);
  }
  const found = [...tree.units].filter(([id, path]) => id === name || path === name);
  const [first] = found;
  if (!first || found.length > 1) {
    throw unknown(text, [...tree.units.values()]);
  }
  return { id: first[0], kind: 'unit', name: first[1] };
}

async function account(id: string, session: Session): Promise<Target> {
  const client = session.client(OrganizationsClient, session.homeRegion);
  try {
    const { Account } = await client.send(new DescribeAccountCommand({ AccountId: id }));
    return { id, kind: 'account', name: Account?.Name ?? id };
  } catch (error) {
    if ((error as Error).name === 'AccountNotFoundException') {
      throw new GarrisonError(
        'guardrail.target',
        `account ${id} is not in the organization`,
        'See `garrison accounts sync`.',
        { accountId: id },
      );
    }
    throw refused(error, session);
  }
}

function unknown(text: string, paths: readonly string[]): GarrisonError {
  const near = nearest(text, paths);
  return new GarrisonError(
    'guardrail.target',
    `${quoted(text)} is no organizational unit, account or root of the organization`,
    near ? `Did you mean ${near}?` : `Units: ${paths.slice(0, 20).join(', ') || 'none'}.`,
  );
}
