import type { Conditions, Statement } from '../statement';
import { holds } from './operators';
import { matchesArn, matchesWildcard } from './wildcard';

/** Something that a log may not say. */
export type Known<T> = T | 'unknown';

/** A request, as far as it is known. */
export interface Request {
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** ARN, or `*`; several when the log leaves open which of them it was, such as a role with or without a path. */
  readonly resources: Known<readonly string[]>;
  /** The values of a condition key, in whatever case it is written; undefined where the request has no such key. */
  readonly context: (key: string) => Known<readonly string[] | undefined>;
}

/** Whether a statement holds for a request, or that what is known does not tell. */
export type Verdict = 'yes' | 'no' | 'unknown';

/**
 * Whether a statement denies a request. Pure. What is unknown stays unknown, unless what is known decides by itself.
 */
export function denies(statement: Statement, request: Request): Verdict {
  return concerns(statement, request.action) ? deniesResource(statement, request) : 'no';
}

/** Whether a statement is about an action at all. */
export function concerns({ Action, NotAction = [] }: Statement, action: string): boolean {
  const among = (patterns: readonly string[]) => patterns.some((pattern) => matchesWildcard(pattern, action, true));
  return Action ? among(Action) : !among(NotAction);
}

/** Whether a statement that is about the request's action denies it. */
export function deniesResource(statement: Statement, request: Request): Verdict {
  return every([
    () => matchesResource(statement, request.resources),
    ...conditionTests(statement.Condition ?? {}, request.context),
  ]);
}

/** Keys of a statement's conditions that would have to be known: what the answer `unknown` is about. */
export function missingKeys(statement: Statement, request: Request): string[] {
  const keys = Object.values(statement.Condition ?? {}).flatMap(Object.keys);
  return [...new Set(keys)].filter((key) => request.context(key) === 'unknown');
}

function every(tests: readonly (() => Verdict)[]): Verdict {
  let unknown = false;
  for (const test of tests) {
    const verdict = test();
    if (verdict === 'no') {
      return 'no';
    }
    unknown ||= verdict === 'unknown';
  }
  return unknown ? 'unknown' : 'yes';
}

function matchesResource({ Resource, NotResource = [] }: Statement, resources: Known<readonly string[]>): Verdict {
  if (Resource?.includes('*')) {
    return 'yes';
  }
  if (resources === 'unknown') {
    return 'unknown';
  }
  const among = (patterns: readonly string[], arn: string) => patterns.some((pattern) => matchesArn(pattern, arn));
  return verdictOf(resources.some((arn) => (Resource ? among(Resource, arn) : !among(NotResource, arn))));
}

function conditionTests(conditions: Conditions, context: Request['context']): (() => Verdict)[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => () => {
      const given = context(key);
      const values = given === 'unknown' ? 'unknown' : resolved(wanted, context);
      return given === 'unknown' || values === 'unknown' ? 'unknown' : verdictOf(holds(operator, values, given));
    }),
  );
}

/** Puts the request's values in the place of variables, such as `${aws:PrincipalAccount}`. One without a value equals nothing. */
function resolved(wanted: readonly string[], context: Request['context']): Known<readonly string[]> {
  if (!wanted.some((text) => text.includes('${'))) {
    return wanted;
  }
  const texts: string[] = [];
  for (const text of wanted) {
    const variables = [...text.matchAll(/\$\{([^}]+)\}/g)];
    const values = variables.map(([, key]) => context(key as string));
    if (values.includes('unknown')) {
      return 'unknown';
    }
    if (values.every((value) => value?.length === 1)) {
      texts.push(
        variables.reduce(
          (whole, [variable], index) => whole.replace(variable, () => (values[index] as string[])[0] as string),
          text,
        ),
      );
    }
  }
  return texts;
}

function verdictOf(holding: boolean): Verdict {
  return holding ? 'yes' : 'no';
}
