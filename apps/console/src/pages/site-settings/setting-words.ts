const names: Readonly<Record<string, string>> = {
  'sync.intervalMinutes': 'Sweep every … minutes',
  'sync.brakeOn': 'Brake',
  'sync.brakeUsers': 'Brake: users at once',
  'sync.brakePercent': 'Brake: percent of a sweep',
  'sync.conflictRule': 'Who wins where the places differ',
  'tokens.lifeMinutes': 'Life of access tokens, minutes',
};

/** A setting's name as a person says it; the key where there is none. */
export function settingName(key: string): string {
  return names[key] ?? key;
}

const values: Readonly<Record<string, string>> = {
  zitadel: 'Zitadel wins',
  stricter: 'the stricter one wins',
};

export function showValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') return values[value] ?? value;
  return JSON.stringify(value);
}

const longestIntervalMinutes = 1_440;

/** The warning that must be confirmed by typing OFF, where a change takes a guard away. */
export function dangerOf(key: string, value: unknown): string | undefined {
  if (key === 'sync.brakeOn' && value === false) {
    return 'Without the brake one wrong answer from Zitadel can deactivate everybody.';
  }
  if (key === 'sync.intervalMinutes' && Number(value) > longestIntervalMinutes) {
    return 'Longer than a day: who is deactivated at Zitadel may stay active here that long, if an event is lost.';
  }
  return undefined;
}
