import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateVersionRequest,
  DeleteLaunchTemplateRequest,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplateVersionsRequest,
  ModifyLaunchTemplateRequest,
} from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import { ServiceError } from '../../core/errors';
import { ec2Error, missingParameter } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import { newId } from '../ids';
import { tagsOf } from '../specifications';
import type { Cell, Operations, Place } from '../state';
import type { LaunchTemplate, TemplateVersion } from './model';

interface Named {
  readonly LaunchTemplateId?: string;
  readonly LaunchTemplateName?: string;
}

/** @throws ServiceError `InvalidLaunchTemplateId.NotFound`, `InvalidLaunchTemplateName.NotFoundException` */
function findTemplate(cell: Cell, { LaunchTemplateId: id, LaunchTemplateName: name }: Named): LaunchTemplate {
  if (id !== undefined && name !== undefined) {
    const message = 'Either provide launch template ID or launch template name to modify the template.';
    throw ec2Error('InvalidParameterCombination', message);
  }
  if (id === undefined && name === undefined) {
    const message = 'The request must contain the parameter launch template ID or launch template name';
    throw ec2Error('MissingParameter', message);
  }
  const found =
    id === undefined ? [...cell.templates.values()].find((one) => one.name === name) : cell.templates.get(id);
  if (!found) {
    const [code, what] =
      id === undefined
        ? ['InvalidLaunchTemplateName.NotFoundException', `name ${name}`]
        : ['InvalidLaunchTemplateId.NotFound', `ID ${id}`];
    throw ec2Error(code, `The specified launch template, with template ${what}, does not exist.`);
  }
  return found;
}

/** As `findTemplate`, in the words of operations that take more than one. */
function findAmong(cell: Cell, named: Named): LaunchTemplate {
  try {
    return findTemplate(cell, named);
  } catch (error) {
    if (error instanceof ServiceError && error.code.includes('NotFound')) {
      throw ec2Error(error.code, 'At least one of the launch templates specified in the request does not exist.');
    }
    throw error;
  }
}

function numberOf(template: LaunchTemplate, version: string | undefined): number {
  return version === undefined || version === '$Default'
    ? template.defaultVersion
    : version === '$Latest'
      ? template.latestVersion
      : Number(version);
}

/** The version of a launch template that a request names. @throws ServiceError */
export function findTemplateVersion(
  cell: Cell,
  named: Named & { readonly Version?: string },
): { template: LaunchTemplate; version: TemplateVersion } {
  const template = findTemplate(cell, named);
  const version = template.versions.get(numberOf(template, named.Version));
  if (!version) {
    const message = `Could not find the specified version ${named.Version} for the launch template with ID ${template.id}.`;
    throw ec2Error('InvalidLaunchTemplateId.VersionNotFound', message);
  }
  return { template, version };
}

function shapeOf(template: LaunchTemplate) {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: template.createdAt,
    CreatedBy: template.createdBy,
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: template.latestVersion,
    Tags: template.tags.size > 0 ? tagList(template.tags) : undefined,
    Operator: { Managed: false },
  };
}

function versionShape(template: LaunchTemplate, version: TemplateVersion) {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: version.number,
    VersionDescription: version.description,
    CreateTime: version.createdAt,
    CreatedBy: version.createdBy,
    DefaultVersion: version.number === template.defaultVersion,
    LaunchTemplateData: version.data,
    Operator: { Managed: false },
  };
}

function checkData(data: object | undefined): void {
  if (!data || Object.keys(data).length === 0) {
    throw missingParameter('LaunchTemplateData');
  }
  const { UserData } = data as { UserData?: string };
  if (UserData !== undefined && !/^[A-Za-z0-9+/]*={0,2}$/.test(UserData)) {
    throw ec2Error('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.');
  }
}

function create(input: CreateLaunchTemplateRequest, { cell, ec2, context }: Place) {
  const name = input.LaunchTemplateName ?? '';
  if (!/^[a-zA-Z0-9().\-/_]{3,128}$/.test(name)) {
    const message = `Launch template names must be between 3 and 128 characters long and may contain letters, numbers and ( ) . - / _`;
    throw ec2Error('InvalidLaunchTemplateName.MalformedException', message);
  }
  if ([...cell.templates.values()].some((one) => one.name === name)) {
    throw ec2Error('InvalidLaunchTemplateName.AlreadyExistsException', 'Launch template name already in use.');
  }
  checkData(input.LaunchTemplateData);
  const createdAt = ec2.world.now();
  const createdBy = context.caller.arn;
  const first: TemplateVersion = {
    number: 1,
    description: input.VersionDescription,
    data: input.LaunchTemplateData ?? {},
    createdAt,
    createdBy,
  };
  const template: LaunchTemplate = {
    id: newId('lt'),
    name,
    createdAt,
    createdBy,
    versions: new Map([[1, first]]),
    defaultVersion: 1,
    latestVersion: 1,
    tags: tagsOf(input.TagSpecifications, 'launch-template'),
  };
  cell.templates.set(template.id, template);
  return { LaunchTemplate: shapeOf(template) };
}

function createVersion(input: CreateLaunchTemplateVersionRequest, { cell, ec2, context }: Place) {
  const template = findTemplate(cell, input);
  checkData(input.LaunchTemplateData);
  const source = input.SourceVersion
    ? findTemplateVersion(cell, { LaunchTemplateId: template.id, Version: input.SourceVersion }).version.data
    : {};
  template.latestVersion += 1;
  const version: TemplateVersion = {
    number: template.latestVersion,
    description: input.VersionDescription,
    data: { ...source, ...input.LaunchTemplateData },
    createdAt: ec2.world.now(),
    createdBy: context.caller.arn,
  };
  template.versions.set(version.number, version);
  return { LaunchTemplateVersion: versionShape(template, version) };
}

function versionsOf(template: LaunchTemplate, input: DescribeLaunchTemplateVersionsRequest, cell: Cell) {
  if (input.Versions?.length) {
    return input.Versions.map(
      (Version) => findTemplateVersion(cell, { LaunchTemplateId: template.id, Version }).version,
    );
  }
  const least = Number(input.MinVersion ?? 1);
  const most = Number(input.MaxVersion ?? template.latestVersion);
  return [...template.versions.values()].filter(({ number }) => number >= least && number <= most).reverse();
}

const howToDescribe =
  'To describe the launch template data for all your launch templates, for ‘--versions’ specify ‘$Latest’, ‘$Default’, or both, and omit ‘--launch-template-id’, ‘--launch-template-name’, and version numbers. To describe the launch template data for a specific launch template, specify ‘--launch-template-id’ or ‘--launch-template-name’, and for ‘--versions’ specify one or more of the following values: ‘$Latest’, ‘$Default’, or one or more version numbers.';

function describeVersions(input: DescribeLaunchTemplateVersionsRequest, { cell }: Place) {
  const { Versions = [] } = input;
  const unnamed = input.LaunchTemplateId === undefined && input.LaunchTemplateName === undefined;
  const special = Versions.length > 0 && Versions.every((one) => one === '$Latest' || one === '$Default');
  if (unnamed && !special) {
    throw ec2Error(Versions.length > 0 ? 'InvalidParameterValue' : 'MissingParameter', howToDescribe);
  }
  const templates = unnamed ? [...cell.templates.values()] : [findTemplate(cell, input)];
  const all = templates.flatMap((template) =>
    versionsOf(template, input, cell).map((version) => versionShape(template, version)),
  );
  const page = pageOf(all, input, 1);
  return { LaunchTemplateVersions: page.items, NextToken: page.NextToken };
}

const fields: FilterFields<LaunchTemplate> = {
  'create-time': (template) => template.createdAt.toISOString(),
  'launch-template-name': (template) => template.name,
};

function describe(input: DescribeLaunchTemplatesRequest, { cell }: Place) {
  const ids = (input.LaunchTemplateIds ?? []).map((LaunchTemplateId) => ({ LaunchTemplateId }));
  const names = (input.LaunchTemplateNames ?? []).map((LaunchTemplateName) => ({ LaunchTemplateName }));
  const named = [...ids, ...names].map((one) => findAmong(cell, one));
  const all = named.length > 0 ? named : cell.templates.values();
  const page = pageOf(
    filtered(all, input.Filters, fields, (template) => template.tags),
    input,
    1,
  );
  return { LaunchTemplates: page.items.map(shapeOf), NextToken: page.NextToken };
}

function modify(input: ModifyLaunchTemplateRequest, { cell }: Place) {
  const template = findTemplate(cell, input);
  if (input.DefaultVersion !== undefined) {
    const wanted = numberOf(template, input.DefaultVersion);
    if (!template.versions.has(wanted)) {
      const message = `The launch template version ${input.DefaultVersion} is not found for the specified launch template.`;
      throw ec2Error('InvalidLaunchTemplateId.VersionNotFound', message);
    }
    template.defaultVersion = wanted;
  }
  return { LaunchTemplate: shapeOf(template) };
}

/** Launch templates and their versions. */
export const templateOperations: Operations = {
  CreateLaunchTemplate: create,
  CreateLaunchTemplateVersion: createVersion,
  DescribeLaunchTemplates: describe,
  DescribeLaunchTemplateVersions: describeVersions,
  ModifyLaunchTemplate: modify,
  DeleteLaunchTemplate: (input: DeleteLaunchTemplateRequest, { cell }) => {
    const template = findAmong(cell, input);
    cell.templates.delete(template.id);
    return { LaunchTemplate: shapeOf(template) };
  },
};
