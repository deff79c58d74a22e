import type { HttpRequest } from '../core/service';
import type { Workspace } from './workspace';

/** Arguments of a Web API call, as JSON or a form brought them. */
export type Arguments = Record<string, unknown>;

/** What a method answers beside `ok`; `drop` ends the connection without an answer. */
type MethodAnswer = Record<string, unknown> | 'drop';

export type Method = (workspace: Workspace, input: Arguments, request: HttpRequest) => MethodAnswer;

/** Slack's refusal of a call: `{"ok":false,"error":…}` with status 200. */
export class SlackRefusal extends Error {
  override readonly name = 'SlackRefusal';

  constructor(
    readonly code: string,
    readonly members: Record<string, unknown> = {},
  ) {
    super(code);
  }
}
