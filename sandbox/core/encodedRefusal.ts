import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Refusal } from './authorization';
import type { CallContext, Caller } from './service';

/** The decision as `sts:DecodeAuthorizationMessage` tells it. */
function document(refusal: Refusal, caller: Caller): Record<string, unknown> {
  const { action, resource, decision } = refusal;
  return {
    allowed: false,
    explicitDeny: decision.effect === 'ExplicitlyDenied',
    matchedStatements: { items: [] },
    failures: { items: [] },
    context: {
      principal: { id: caller.userId, arn: caller.arn },
      action,
      resource,
      conditions: { items: [] },
    },
  };
}

/** The text with which EC2 ends its refusals: opaque, for those who may decode it. */
export function encodeRefusal(refusal: Refusal, { caller }: CallContext): string {
  return deflateRawSync(JSON.stringify(document(refusal, caller))).toString('base64url');
}

/** The document in a text that `encodeRefusal` made; `undefined` when it is another. */
export function decodeRefusal(text: string): string | undefined {
  try {
    const json = inflateRawSync(Buffer.from(text, 'base64url')).toString('utf8');
    return 'explicitDeny' in (JSON.parse(json) as object) ? json : undefined;
  } catch {
    return undefined;
  }
}
