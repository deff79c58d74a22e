import { validationError } from '../errors';

/** `${!Literal}` stays as `${Literal}`; everything else between `${` and `}` is a variable. */
const variable = /\$\{(!?)([^}]*)\}/g;

/** @throws ServiceError `ValidationError` when a variable's name has other characters than CloudFormation allows */
function checkName(name: string): void {
  if (!/^[A-Za-z0-9_.:]+$/.test(name)) {
    throw validationError(
      'Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons',
    );
  }
}

/** The variables of a `Fn::Sub` text. */
export function subVariables(text: string): string[] {
  const names: string[] = [];
  for (const [, literal, name = ''] of text.matchAll(variable)) {
    if (literal === '') {
      checkName(name.trim());
      names.push(name.trim());
    }
  }
  return names;
}

/** Puts values in the place of variables. */
export function substitute(text: string, value: (name: string) => string): string {
  return text.replace(variable, (_, literal: string, name: string) =>
    literal === '!' ? `\${${name}}` : value(name.trim()),
  );
}
