const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as people read it: `10:02:11` today, `Nov 20 10:02` this year, else with the year; local unless `utc`. */
export function moment(
  iso: string,
  { utc = false, now = new Date() }: { readonly utc?: boolean; readonly now?: Date } = {},
): string {
  const shown = fields(new Date(iso), utc);
  const today = fields(now, utc);
  const time = `${two(shown.hour)}:${two(shown.minute)}`;
  if (shown.year !== today.year) return `${months[shown.month]} ${shown.day} ${shown.year} ${time}`;
  if (shown.month === today.month && shown.day === today.day) return `${time}:${two(shown.second)}`;
  return `${months[shown.month]} ${shown.day} ${time}`;
}

function fields(date: Date, utc: boolean) {
  return utc
    ? {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth(),
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
      }
    : {
        year: date.getFullYear(),
        month: date.getMonth(),
        day: date.getDate(),
        hour: date.getHours(),
        minute: date.getMinutes(),
        second: date.getSeconds(),
      };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** How long ago, roughly: `14 min`, `3 h`, `5 d`. */
export function sinceOf(iso: string, now: number = Date.now()): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(iso)) / 60_000));
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1_440)} d`;
}

/** A count with its thousands apart: `1,204`. */
export function thousands(value: number): string {
  return value.toLocaleString('en-US');
}

/** A sentence in lines of at most so many characters, broken between words. */
export function wrap(text: string, width = 76): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
