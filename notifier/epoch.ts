/** As DynamoDB's time to live and Slack count. */
export function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1_000);
}
