import type { CallContext } from '../../core/service';
import { requiredTemplateText } from '../templateSource';

/** Accounts from a file in S3: numbers between commas or line ends. @throws ServiceError `ValidationError` */
export async function fetchAccounts(url: string | undefined, context: CallContext): Promise<string[]> {
  if (url === undefined) {
    return [];
  }
  const text = await requiredTemplateText({ TemplateURL: url }, context);
  return text.split(/[\s,]+/).filter((each) => each !== '');
}
