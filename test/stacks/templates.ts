import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdk from '../../cdk.json';
import type { OrganizationModel } from '../../stacks/model';
import { addOrganization } from '../../stacks/organizationStacks';
import { temporaryFolder } from '../support/temporaryFolder';

/** The app with all stacks of a model, synthesized into a folder of its own. */
export function appOf(model: OrganizationModel, validate = false): App {
  // The CDK's linter for templates takes a second or more: one test runs it.
  process.env.CDK_VALIDATION = String(validate);
  const outdir = temporaryFolder();
  const app = new App({
    context: cdk.context,
    analyticsReporting: false,
    stackTraces: false,
    treeMetadata: false,
    outdir,
  });
  addOrganization(app, model);
  app.synth();
  return app;
}

export interface TemplateResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties differ from type to type; the tests look into many.
  readonly Properties: any;
}

export interface SynthesizedTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

/** The template of a stack by its id, or of a stack set by its template's id, such as `DetectorTemplate`. */
export function templateOf(app: App, id: string): SynthesizedTemplate {
  const file = readdirSync(app.outdir).find(
    (name) => name === `${id}.template.json` || (name.includes(id) && name.endsWith('.stackset.template.json')),
  );
  return JSON.parse(readFileSync(join(app.outdir, file as string), 'utf8'));
}

/** The properties of every resource of a type. */
export function resourcesOf(template: SynthesizedTemplate, type: string): TemplateResource['Properties'][] {
  return Object.values(template.Resources).flatMap((resource) => (resource.Type === type ? [resource.Properties] : []));
}

/** A role as it stands in a template. */
export interface RoleResource {
  readonly Properties: {
    readonly RoleName: string;
    readonly Path?: string;
    readonly PermissionsBoundary?: unknown;
    readonly ManagedPolicyArns?: readonly unknown[];
    readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
    readonly AssumeRolePolicyDocument: { readonly Statement: readonly Statement[] };
    readonly Policies?: readonly {
      readonly PolicyName: string;
      readonly PolicyDocument: { readonly Statement: readonly Statement[] };
    }[];
  };
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: Record<string, unknown>;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** The roles of a template by name. */
export function rolesOf(template: SynthesizedTemplate): Map<string, RoleResource['Properties']> {
  const found: RoleResource['Properties'][] = resourcesOf(template, 'AWS::IAM::Role');
  return new Map(found.map((role) => [role.RoleName, role]));
}
