/** A message as the local Slack keeps it: what was posted, and when. */
export interface ReceivedMessage {
  readonly payload: unknown;
}

/** What the local Slack received so far, oldest first. */
export async function receivedMessages(address: string): Promise<ReceivedMessage[]> {
  const response = await fetch(address);
  return (await response.json()) as ReceivedMessage[];
}
