/** A refusal of blocks, in the words of Slack's `response_metadata.messages`. */
interface BlockProblem {
  readonly code: 'invalid_blocks' | 'msg_blocks_too_long' | 'invalid_blocks_format';
  readonly messages: readonly string[];
}

type Json = Record<string, unknown>;

const blockLimit = 50;
/** All text of a message's blocks together; Slack does not tell this limit: 9,597 were accepted, 11,341 were not. */
const textLimit = 11_000;

/** What was found wrong so far, and how much text there is. */
export interface Report {
  readonly messages: string[];
  text: number;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function complain(report: Report, pointer: string, words: string): void {
  report.messages.push(`[ERROR] ${words} [json-pointer:${pointer}]`);
}

export function checkString(report: Report, value: unknown, pointer: string, maximum: number, minimum = 1): void {
  if (typeof value !== 'string') {
    complain(report, pointer, 'must be a string');
  } else if (value.length > maximum) {
    complain(report, pointer, `must be less than ${maximum + 1} characters`);
  } else if (value.length < minimum) {
    complain(report, pointer, `must be more than ${minimum - 1} characters`);
  }
}

export function checkText(report: Report, value: unknown, pointer: string, maximum: number, plain = false): void {
  if (!isObject(value)) {
    complain(report, pointer, 'missing required field: text');
    return;
  }
  if (value.type !== 'plain_text' && (plain || value.type !== 'mrkdwn')) {
    complain(report, `${pointer}/type`, plain ? 'must be plain_text' : 'must be one of: mrkdwn, plain_text');
  }
  checkString(report, value.text, `${pointer}/text`, maximum);
  report.text += typeof value.text === 'string' ? value.text.length : 0;
}

function checkUrl(report: Report, value: unknown, pointer: string): void {
  checkString(report, value, pointer, 3000);
  if (typeof value === 'string' && !/^[a-z][a-z0-9+.-]*:\/\/\S+$|^mailto:/i.test(value)) {
    complain(report, pointer, `invalid url: ${value}`);
  }
}

function checkConfirm(report: Report, value: unknown, pointer: string): void {
  if (!isObject(value)) {
    return;
  }
  checkText(report, value.title, `${pointer}/title`, 100, true);
  checkText(report, value.text, `${pointer}/text`, 300);
  checkText(report, value.confirm, `${pointer}/confirm`, 30, true);
  checkText(report, value.deny, `${pointer}/deny`, 30, true);
}

function checkButton(report: Report, element: Json, pointer: string): void {
  checkText(report, element.text, `${pointer}/text`, 75, true);
  if (element.url !== undefined) {
    checkUrl(report, element.url, `${pointer}/url`);
  }
  if (element.value !== undefined) {
    checkString(report, element.value, `${pointer}/value`, 2000);
  }
  if (element.style !== undefined && element.style !== 'primary' && element.style !== 'danger') {
    complain(report, `${pointer}/style`, 'must be one of: primary, danger');
  }
}

function checkOptions(report: Report, element: Json, pointer: string, maximum: number): void {
  const options = Array.isArray(element.options) ? element.options : [];
  if (options.length > maximum || (options.length === 0 && !element.option_groups)) {
    complain(report, `${pointer}/options`, `must have between 1 and ${maximum} items`);
  }
  for (const [index, option] of options.entries()) {
    checkText(report, (option as Json)?.text, `${pointer}/options/${index}/text`, 75);
    checkString(report, (option as Json)?.value, `${pointer}/options/${index}/value`, 150);
  }
}

const optionLimits: Record<string, number> = {
  static_select: 100,
  multi_static_select: 100,
  overflow: 5,
  radio_buttons: 10,
  checkboxes: 10,
};

function checkNumber(report: Report, value: unknown, pointer: string, minimum: number, maximum: number): void {
  if (value !== undefined && !(Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum)) {
    complain(report, pointer, `must be an integer between ${minimum} and ${maximum}`);
  }
}

/** Fields for text: `plain_text_input` and its kin. */
function checkTextInput(report: Report, element: Json, pointer: string): void {
  checkNumber(report, element.min_length, `${pointer}/min_length`, 0, 3000);
  checkNumber(report, element.max_length, `${pointer}/max_length`, 1, 3000);
  if (element.initial_value !== undefined) {
    const maximum = Number(element.max_length ?? 3000);
    checkString(report, element.initial_value, `${pointer}/initial_value`, maximum, 0);
  }
  if (element.placeholder !== undefined) {
    checkText(report, element.placeholder, `${pointer}/placeholder`, 150, true);
  }
}

const textInputs: Record<string, typeof checkTextInput> = {
  plain_text_input: checkTextInput,
  email_text_input: checkTextInput,
  url_text_input: checkTextInput,
};

const otherElements = [
  'datepicker',
  'timepicker',
  'datetimepicker',
  'users_select',
  'multi_users_select',
  'conversations_select',
  'multi_conversations_select',
  'channels_select',
  'multi_channels_select',
  'external_select',
  'multi_external_select',
  'number_input',
  'rich_text_input',
  'file_input',
  'workflow_button',
  'image',
];

function checkElement(report: Report, element: unknown, pointer: string): void {
  if (!isObject(element)) {
    complain(report, pointer, 'must be an object');
    return;
  }
  const type = String(element.type);
  if (element.action_id !== undefined) {
    checkString(report, element.action_id, `${pointer}/action_id`, 255);
  }
  checkConfirm(report, element.confirm, `${pointer}/confirm`);
  const options = optionLimits[type];
  const check = textInputs[type];
  if (check) {
    check(report, element, pointer);
  } else if (type === 'button') {
    checkButton(report, element, pointer);
  } else if (options) {
    checkOptions(report, element, pointer, options);
  } else if (type === 'image') {
    checkImage(report, element, pointer);
  } else if (!otherElements.includes(type)) {
    complain(report, `${pointer}/type`, `unsupported type: ${type}`);
  }
}

function checkImage(report: Report, image: Json, pointer: string): void {
  if (image.slack_file === undefined) {
    checkUrl(report, image.image_url, `${pointer}/image_url`);
  }
  checkString(report, image.alt_text, `${pointer}/alt_text`, 2000);
}

function checkList(report: Report, value: unknown, pointer: string, maximum: number): unknown[] {
  if (!Array.isArray(value) || value.length === 0) {
    complain(report, pointer, 'no less than 1 items allowed');
    return [];
  }
  if (value.length > maximum) {
    complain(report, pointer, `no more than ${maximum} items allowed`);
  }
  return value;
}

function checkSection(report: Report, block: Json, pointer: string): void {
  if (block.text === undefined && block.fields === undefined) {
    complain(report, pointer, 'must provide text or fields');
  }
  if (block.text !== undefined) {
    checkText(report, block.text, `${pointer}/text`, 3000);
  }
  if (block.fields !== undefined) {
    for (const [index, field] of checkList(report, block.fields, `${pointer}/fields`, 10).entries()) {
      checkText(report, field, `${pointer}/fields/${index}`, 2000);
    }
  }
  if (block.accessory !== undefined) {
    checkElement(report, block.accessory, `${pointer}/accessory`);
  }
}

function checkContext(report: Report, block: Json, pointer: string): void {
  for (const [index, element] of checkList(report, block.elements, `${pointer}/elements`, 10).entries()) {
    const at = `${pointer}/elements/${index}`;
    if (isObject(element) && element.type === 'image') {
      checkImage(report, element, at);
    } else {
      checkText(report, element, at, 3000);
    }
  }
}

function checkActions(report: Report, block: Json, pointer: string): void {
  const seen = new Set<unknown>();
  for (const [index, element] of checkList(report, block.elements, `${pointer}/elements`, 25).entries()) {
    checkElement(report, element, `${pointer}/elements/${index}`);
    const id = isObject(element) ? element.action_id : undefined;
    if (id !== undefined && seen.has(id)) {
      complain(report, `${pointer}/elements/${index}/action_id`, `action_id \`${String(id)}\` already exists`);
    }
    seen.add(id);
  }
}

function checkInput(report: Report, block: Json, pointer: string): void {
  checkText(report, block.label, `${pointer}/label`, 2000, true);
  if (block.hint !== undefined) {
    checkText(report, block.hint, `${pointer}/hint`, 2000, true);
  }
  checkElement(report, block.element, `${pointer}/element`);
}

const checks: Record<string, (report: Report, block: Json, pointer: string) => void> = {
  section: checkSection,
  context: checkContext,
  actions: checkActions,
  input: checkInput,
  divider: () => {},
  image: checkImage,
  header: (report, block, pointer) => checkText(report, block.text, `${pointer}/text`, 150, true),
  markdown: (report, block, pointer) => {
    checkString(report, block.text, `${pointer}/text`, 12_000);
    report.text += typeof block.text === 'string' ? block.text.length : 0;
  },
  rich_text: (report, block, pointer) => {
    checkList(report, block.elements, `${pointer}/elements`, 1000);
    report.text += JSON.stringify(block.elements ?? []).length / 4;
  },
  file: (report, block, pointer) => checkString(report, block.external_id, `${pointer}/external_id`, 255),
  video: (report, block, pointer) => checkText(report, block.title, `${pointer}/title`, 200, true),
  table: (report, block, pointer) => {
    checkList(report, block.rows, `${pointer}/rows`, 100);
  },
};

function checkBlock(report: Report, block: unknown, pointer: string): void {
  const type = isObject(block) ? String(block.type) : '';
  const check = checks[type];
  if (!isObject(block) || !check) {
    complain(report, `${pointer}/type`, `unsupported type: ${type}`);
    return;
  }
  if (block.block_id !== undefined) {
    checkString(report, block.block_id, `${pointer}/block_id`, 255);
  }
  check(report, block, pointer);
}

/** Checks a list of blocks: each by itself, their number, and that no `block_id` comes twice. */
export function checkBlocks(report: Report, blocks: readonly unknown[], pointer: string, limit: number): void {
  if (blocks.length > limit) {
    complain(report, pointer, `no more than ${limit} items allowed`);
  }
  const ids = new Set<unknown>();
  for (const [index, block] of blocks.entries()) {
    checkBlock(report, block, `${pointer}/${index}`);
    const id = isObject(block) ? block.block_id : undefined;
    if (id !== undefined && ids.has(id)) {
      complain(report, `${pointer}/${index}/block_id`, `\`block_id\` ${String(id)} already exists`);
    }
    ids.add(id);
  }
}

/** What Slack has against the blocks of a message; `undefined` when nothing. */
export function blockProblem(blocks: unknown): BlockProblem | undefined {
  if (!Array.isArray(blocks)) {
    return { code: 'invalid_blocks_format', messages: ['[ERROR] must be an array [json-pointer:/blocks]'] };
  }
  const report: Report = { messages: [], text: 0 };
  checkBlocks(report, blocks, '/blocks', blockLimit);
  if (report.messages.length > 0) {
    return { code: 'invalid_blocks', messages: report.messages };
  }
  return report.text > textLimit ? { code: 'msg_blocks_too_long', messages: [] } : undefined;
}
