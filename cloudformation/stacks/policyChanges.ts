import { isDeepStrictEqual } from 'node:util';
import type { TemplateResource } from '../assembly';

interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/**
 * What changes in the policies of a role, in words: a line for each action that a statement gains or loses, and for
 * whom it trusts. For resources that are no roles: nothing.
 */
export function policyChanges(before: TemplateResource, after: TemplateResource): string[] {
  if (after.Type !== 'AWS::IAM::Role') {
    return [];
  }
  return [
    ...compareStatements(trustOf(before), trustOf(after), 'trust'),
    ...compareStatements(permissionsOf(before), permissionsOf(after), 'policy'),
  ];
}

function compareStatements(before: readonly Statement[], after: readonly Statement[], kind: string): string[] {
  const [old, now] = [byName(before), byName(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.flatMap((name) => compareStatement(`${kind} ${name}`, old.get(name), now.get(name)));
}

function compareStatement(name: string, before: Statement | undefined, after: Statement | undefined): string[] {
  if (before === undefined || after === undefined) {
    const [word, statement] = after ? ['+', after] : ['-', before];
    return [`${word} ${name}: ${(statement?.Effect ?? 'Allow').toLowerCase()} ${actionsOf(statement).join(', ')}`];
  }
  const [old, now] = [actionsOf(before), actionsOf(after)];
  const rest = (['Effect', 'Principal', 'Resource', 'Condition'] as const).filter(
    (member) => !isDeepStrictEqual(before[member], after[member]),
  );
  return [
    ...now.filter((action) => !old.includes(action)).map((action) => `+ ${name}: ${action}`),
    ...old.filter((action) => !now.includes(action)).map((action) => `- ${name}: ${action}`),
    ...rest.map(
      (member) => `~ ${name}: ${member} ${JSON.stringify(before[member])} → ${JSON.stringify(after[member])}`,
    ),
  ];
}

function byName(statements: readonly Statement[]): Map<string, Statement> {
  return new Map(statements.map((statement, index) => [statement.Sid ?? `statement ${index + 1}`, statement]));
}

function actionsOf(statement: Statement | undefined): string[] {
  return [statement?.Action ?? []].flat();
}

function trustOf({ Properties }: TemplateResource): Statement[] {
  return statementsOf(Properties?.AssumeRolePolicyDocument);
}

function permissionsOf({ Properties }: TemplateResource): Statement[] {
  const policies = (Properties?.Policies ?? []) as readonly { readonly PolicyDocument?: unknown }[];
  return policies.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));
}

function statementsOf(document: unknown): Statement[] {
  return [(document as { Statement?: Statement | Statement[] } | undefined)?.Statement ?? []].flat();
}
