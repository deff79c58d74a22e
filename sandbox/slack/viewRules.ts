import { checkBlocks, checkString, checkText, complain, type Report } from './blocks';

const viewLimit = 250_000;
const blockLimit = 100;

type Json = Record<string, unknown>;

/** What Slack has against a view: its error and the lines of `response_metadata.messages`; `undefined` when nothing. */
export function viewProblem(given: unknown): { code: string; messages: readonly string[] } | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { code: 'invalid_arguments', messages: ['[ERROR] must provide an object [json-pointer:/view]'] };
  }
  if (Buffer.byteLength(JSON.stringify(given)) > viewLimit) {
    return { code: 'view_too_large', messages: [] };
  }
  const view = given as Json;
  const report: Report = { messages: [], text: 0 };
  if (view.type !== 'modal' && view.type !== 'home') {
    complain(report, '/view/type', `unsupported type: ${String(view.type)}`);
  }
  if (view.type === 'modal') {
    checkModal(report, view);
  }
  checkLength(report, view.private_metadata, '/view/private_metadata', 3000);
  checkLength(report, view.callback_id, '/view/callback_id', 255);
  checkLength(report, view.external_id, '/view/external_id', 255);
  if (!Array.isArray(view.blocks)) {
    complain(report, '/view', 'missing required field: blocks');
  } else {
    checkBlocks(report, view.blocks, '/view/blocks', blockLimit);
  }
  return report.messages.length > 0 ? { code: 'invalid_arguments', messages: report.messages } : undefined;
}

function checkLength(report: Report, value: unknown, pointer: string, maximum: number): void {
  if (value !== undefined && value !== null) {
    checkString(report, value, pointer, maximum, 0);
  }
}

/** Title and buttons of at most 24 characters; what has inputs needs a button to submit them. */
function checkModal(report: Report, view: Json): void {
  if (view.title === undefined) {
    complain(report, '/view', 'missing required field: title');
  } else {
    checkText(report, view.title, '/view/title', 24, true);
  }
  for (const name of ['submit', 'close']) {
    if (view[name] !== undefined && view[name] !== null) {
      checkText(report, view[name], `/view/${name}`, 24, true);
    }
  }
  const blocks = Array.isArray(view.blocks) ? (view.blocks as (Json | null)[]) : [];
  if (blocks.some((block) => block?.type === 'input') && !view.submit) {
    complain(report, '/view', 'missing required field: submit');
  }
}
