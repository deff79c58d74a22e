/** A policy document as parsed JSON. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** Allows nothing: in the place of a document that cannot be read. */
const nothing: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** Effects are written in any case. */
function inCase(key: string, value: unknown): unknown {
  if (key !== 'Effect' || value === 'Allow' || value === 'Deny') {
    return value;
  }
  const word = String(value).toLowerCase();
  return word === 'allow' ? 'Allow' : word === 'deny' ? 'Deny' : value;
}

const parsed = new Map<string, PolicyDocument>();

function read(json: string): PolicyDocument {
  try {
    const value: unknown = JSON.parse(json, inCase);
    return typeof value === 'object' && value !== null && 'Statement' in value ? (value as PolicyDocument) : nothing;
  } catch {
    return nothing;
  }
}

/** Parses a document once; one that has no statements allows nothing. */
export function parsePolicy(json: string): PolicyDocument {
  let document = parsed.get(json);
  if (!document) {
    document = read(json);
    if (parsed.size > 10_000) {
      parsed.clear();
    }
    parsed.set(json, document);
  }
  return document;
}

const shortened = new Map<string, Map<string, PolicyDocument>>();

interface Statement {
  readonly Action?: unknown;
  readonly NotAction?: unknown;
}

/**
 * Parses a document and leaves out what says nothing about an action: long policies are decided upon for every call,
 * and most of their statements are about something else.
 */
export function parsePolicyFor(json: string, action: string): PolicyDocument {
  if (shortened.size > 2_000) {
    shortened.clear();
  }
  const ofAction = shortened.get(action) ?? new Map<string, PolicyDocument>();
  shortened.set(action, ofAction);
  let document = ofAction.get(json);
  if (!document) {
    const whole = parsePolicy(json);
    const statements = [whole.Statement].flat() as Statement[];
    document = { ...whole, Statement: statements.flatMap((statement) => shortenedFor(statement, action)) };
    if (ofAction.size > 100) {
      ofAction.clear();
    }
    ofAction.set(json, document);
  }
  return document;
}

/** The statement with the patterns that may be about the action; none at all when it cannot be. */
function shortenedFor(statement: Statement, action: string): Statement[] {
  const near = (patterns: unknown) => [patterns].flat().filter((pattern) => mayMatch(String(pattern), action));
  if (statement?.NotAction !== undefined) {
    const { NotAction, ...rest } = statement;
    const kept = near(NotAction);
    return [kept.length > 0 ? { ...rest, NotAction: kept } : { ...rest, Action: '*' }];
  }
  const kept = near(statement?.Action);
  return kept.length > 0 ? [{ ...statement, Action: kept }] : [];
}

/** Whether a statement may say anything about an action. */
export function mayConcern(statement: unknown, action: string): boolean {
  return shortenedFor(statement as Statement, action).length > 0;
}

/** Whether all before the first wildcard is how the action begins: a pattern too many changes nothing. */
function mayMatch(pattern: string, action: string): boolean {
  const [wanted, text] = [action.toLowerCase(), pattern.toLowerCase()];
  const wildcard = text.search(/[*?]/);
  return wildcard < 0 ? text === wanted : wanted.startsWith(text.slice(0, wildcard));
}

/** Whether a text is a policy document at all. */
export function isPolicy(json: string): boolean {
  return parsePolicy(json) !== nothing;
}

export const allowEverything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
