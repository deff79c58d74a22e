/** A policy document as parsed JSON. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

const parsed = new Map<string, PolicyDocument | undefined>();

/** Parses a document once; `undefined` when it is no JSON object. Such a policy allows nothing. */
export function parsePolicy(json: string): PolicyDocument | undefined {
  if (parsed.has(json)) {
    return parsed.get(json);
  }
  let document: PolicyDocument | undefined;
  try {
    const value: unknown = JSON.parse(json);
    document = typeof value === 'object' && value !== null ? (value as PolicyDocument) : undefined;
  } catch {
    document = undefined;
  }
  if (parsed.size > 10_000) {
    parsed.clear();
  }
  parsed.set(json, document);
  return document;
}

export const allowEverything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
