import { epochSeconds } from '../epoch';
/** A date that Slack shows in each reader's own time zone; clients that cannot show UTC. */
export function slackDate(date: Date): string {
  const seconds = epochSeconds(date);
  const fallback = `${date.toISOString().replace('T', ' ').slice(0, 19)} UTC`;
  return `<!date^${seconds}^{date_short_pretty} {time_secs}|${fallback}>`;
}
