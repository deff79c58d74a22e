import type { RespondingSettings } from './settings';
import { hasTags } from './wildcard';

/** Why a resource is left alone; or that it was to be, and no longer is. */
export interface ExemptionVerdict {
  readonly exempt: boolean;
  readonly reason: string;
}

/** Whether a resource is exempt today. `undefined` when nothing says so. Pure. */
export function exemptionOf(
  settings: RespondingSettings,
  responder: string,
  tags: Readonly<Record<string, string>>,
  now: Date,
): ExemptionVerdict | undefined {
  const today = now.toISOString().slice(0, 10);
  const named = settings.exemptions.filter(
    (each) =>
      (each.responders === undefined || (each.responders as readonly string[]).includes(responder)) &&
      hasTags(tags, each.tags),
  );
  const own = ownTag(settings.exemptionTag, tags);
  const all = [...named, ...(own ? [own] : [])].sort((one, other) => (one.until < other.until ? 1 : -1));
  const [longest] = all;
  if (longest === undefined) {
    return undefined;
  }
  return longest.until >= today
    ? { exempt: true, reason: `exempt until ${longest.until}: ${longest.reason}` }
    : { exempt: false, reason: `its exemption ended on ${longest.until}: ${longest.reason}` };
}

/** `2026-12-31 penetration test`. What is written otherwise exempts nothing. */
function ownTag(
  name: string | undefined,
  tags: Readonly<Record<string, string>>,
): { readonly until: string; readonly reason: string } | undefined {
  const value = name !== undefined && Object.hasOwn(tags, name) ? (tags[name] as string) : '';
  const found = /^(\d{4}-\d{2}-\d{2})[\s:]+(\S.{2,})$/s.exec(value.trim());
  const [, until = '', reason = ''] = found ?? [];
  return found && !Number.isNaN(Date.parse(until)) ? { until, reason } : undefined;
}
