/** Slack's limits, in UTF-16 code units, counted after escaping. Beyond one of them the whole message is refused. */
export const limits = {
  header: 150,
  sectionText: 3_000,
  sectionFields: 10,
  fieldText: 2_000,
  contextElements: 10,
  contextText: 2_000,
  actionElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  blockId: 255,
  blocks: 50,
  attachments: 100,
  /** Of the top-level text; Slack cuts at 40,000 and may split beyond 4,000. */
  text: 4_000,
  /** All texts of a message together: not documented, seen to be refused a little above 11,000. */
  message: 9_500,
} as const;
