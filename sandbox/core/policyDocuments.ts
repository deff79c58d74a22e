/** A policy document as parsed JSON. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** Allows nothing: in the place of a document that cannot be read. */
const nothing: PolicyDocument = { Version: '2012-10-17', Statement: [] };

const parsed = new Map<string, PolicyDocument>();

function read(json: string): PolicyDocument {
  try {
    const value: unknown = JSON.parse(json);
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

/** Whether a text is a policy document at all. */
export function isPolicy(json: string): boolean {
  return parsePolicy(json) !== nothing;
}

export const allowEverything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
