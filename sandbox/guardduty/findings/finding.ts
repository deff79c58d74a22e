import type { Finding as FindingOutput } from '@aws-sdk/client-guardduty';
import { Finding$ } from '@aws-sdk/client-guardduty';
import { type Document, toDocument } from './document';

/** A finding as GetFindings answers it. */
export type Finding = FindingOutput & { Service: NonNullable<FindingOutput['Service']> };

/**
 * The finding as EventBridge carries it and as criteria name its parts: camel-cased, with the members of
 * `additionalInfo` beside its text.
 */
export function findingDocument(finding: Finding): Document {
  const document = toDocument(Finding$, finding) as Document;
  const service = document.service as Document;
  const info = finding.Service.AdditionalInfo;
  return {
    ...document,
    service: { ...service, additionalInfo: { ...parsed(info?.Value), ...(service.additionalInfo as Document) } },
  };
}

function parsed(text: string | undefined): Document {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Document) : {};
  } catch {
    return {};
  }
}
