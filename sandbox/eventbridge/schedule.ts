/** A parsed schedule: when it fires next after a moment. */
interface Schedule {
  /** Milliseconds since the epoch; `undefined` when it never fires again. */
  next(after: number): number | undefined;
}

const unitMilliseconds: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function parseRate(text: string): Schedule | undefined {
  const [, count, unit, plural] = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(text) ?? [];
  const amount = Number(count);
  // AWS insists on "rate(1 hour)" and "rate(2 hours)".
  if (!unit || amount < 1 || (amount === 1) === (plural === 's')) {
    return undefined;
  }
  const period = amount * (unitMilliseconds[unit] ?? 0);
  return { next: (after) => after + period };
}

type Field = (value: number, date: Date) => boolean;

function number(text: string, names: readonly string[], first: number): number {
  const index = names.indexOf(text.toUpperCase());
  return index >= 0 ? index + first : Number(text);
}

function parsePart(part: string, minimum: number, maximum: number, names: readonly string[], first: number) {
  const [range = '', stepText] = part.split('/');
  const step = stepText === undefined ? 1 : Number(stepText);
  const [fromText = '', toText] = range.split('-');
  const from = range === '*' ? minimum : number(fromText, names, first);
  let to = toText === undefined ? from : number(toText, names, first);
  if (range === '*' || (stepText !== undefined && toText === undefined)) {
    to = maximum;
  }
  const whole = [from, to, step].every(Number.isInteger);
  return whole && from >= minimum && to <= maximum && from <= to && step >= 1 ? { from, to, step } : undefined;
}

function parseField(
  text: string,
  limits: [number, number],
  names: readonly string[] = [],
  first = 0,
): Field | undefined {
  const parts = text.split(',').map((part) => parsePart(part, limits[0], limits[1], names, first));
  return parts.some((part) => part === undefined)
    ? undefined
    : (value) =>
        parts.some((part) => part && value >= part.from && value <= part.to && (value - part.from) % part.step === 0);
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function parseDayOfMonth(text: string): Field | undefined {
  if (text === 'L') {
    return (day, date) => day === daysInMonth(date);
  }
  const [, near] = /^(\d+)W$/.exec(text) ?? [];
  if (near) {
    return (day, date) => day === nearestWeekday(Number(near), date);
  }
  return parseField(text, [1, 31]);
}

function nearestWeekday(day: number, date: Date): number {
  const last = daysInMonth(date);
  const target = Math.min(day, last);
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), target)).getUTCDay();
  if (weekday === 6) {
    return target === 1 ? 3 : target - 1;
  }
  if (weekday === 0) {
    return target === last ? target - 2 : target + 1;
  }
  return target;
}

function parseDayOfWeek(text: string): Field | undefined {
  const [, last] = /^(\w+)L$/.exec(text) ?? [];
  if (last && text !== 'L') {
    const wanted = number(last, dayNames, 1);
    return (weekday, date) => weekday === wanted && date.getUTCDate() + 7 > daysInMonth(date);
  }
  const [, name, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (name) {
    const wanted = number(name, dayNames, 1);
    return (weekday, date) => weekday === wanted && Math.ceil(date.getUTCDate() / 7) === Number(nth);
  }
  return text === 'L' ? (weekday) => weekday === 7 : parseField(text, [1, 7], dayNames, 1);
}

function parseCron(text: string): Schedule | undefined {
  const fields = (/^cron\(([^()]+)\)$/.exec(text)?.[1] ?? '').trim().split(/\s+/);
  const [minutes = '', hours = '', monthDay = '', months = '', weekDay = '', years = ''] = fields;
  // Exactly one of the two day fields is a question mark.
  if (fields.length !== 6 || (monthDay === '?') === (weekDay === '?')) {
    return undefined;
  }
  const minute = parseField(minutes, [0, 59]);
  const hour = parseField(hours, [0, 23]);
  const day = monthDay === '?' ? () => true : parseDayOfMonth(monthDay);
  const month = parseField(months, [1, 12], monthNames, 1);
  const weekday = weekDay === '?' ? () => true : parseDayOfWeek(weekDay);
  const year = parseField(years, [1970, 2199]);
  if (!minute || !hour || !day || !month || !weekday || !year) {
    return undefined;
  }
  const onDay = (date: Date) =>
    year(date.getUTCFullYear(), date) &&
    month(date.getUTCMonth() + 1, date) &&
    day(date.getUTCDate(), date) &&
    weekday(date.getUTCDay() + 1, date);
  return {
    next: (after) =>
      search(
        after,
        onDay,
        (date) => hour(date.getUTCHours(), date),
        (date) => minute(date.getUTCMinutes(), date),
      ),
  };
}

/** Steps by day, hour and minute to the first moment that fits; gives up after five years. */
function search(
  after: number,
  onDay: (date: Date) => boolean,
  inHour: (date: Date) => boolean,
  atMinute: (date: Date) => boolean,
): number | undefined {
  const { minute = 0, hour = 0, day = 0 } = unitMilliseconds;
  let time = Math.floor(after / minute) * minute + minute;
  const end = after + 5 * 366 * day;
  while (time < end) {
    const date = new Date(time);
    if (!onDay(date)) {
      time = Math.floor(time / day) * day + day;
    } else if (!inHour(date)) {
      time = Math.floor(time / hour) * hour + hour;
    } else if (!atMinute(date)) {
      time += minute;
    } else {
      return time;
    }
  }
  return undefined;
}

/** Reads `rate(5 minutes)` or `cron(0 12 * * ? *)`; `undefined` when it is neither. Cron is UTC. */
export function parseSchedule(text: string): Schedule | undefined {
  return text.startsWith('rate(') ? parseRate(text) : parseCron(text);
}
