import type { UseContent } from '../record/content';
import type { AttestationTools } from './tools';

/** Uses that belong to a question, the first first. */
export async function usesOf(question: string, { table }: Pick<AttestationTools, 'table'>): Promise<UseContent[]> {
  const entries = await table.under(`uses:${question}`);
  return entries.flatMap(({ content }) => (content.kind === 'use' ? [content] : [])).reverse();
}
