import type { FieldChange, OpenbaoChange } from '@drawbridge/openbao';

/** A change in lines: what is made or altered, then each field that differs. */
export function describeChange({ action, title, fields }: OpenbaoChange): readonly string[] {
  const sign = action === 'create' ? '+' : '~';
  return [`${sign} ${action} ${title}`, ...fields.flatMap(describeField)];
}

function describeField({ field, from, to }: FieldChange): readonly string[] {
  if (field === 'policy') return policyLines(from, to).map((line) => `    ${line}`);
  const value = from === undefined ? shown(to) : `${shown(from)} -> ${shown(to)}`;
  return [`    ${field.padEnd(22)}  ${value}`];
}

/** A new text as it is; of a changed one the lines that go and those that come. */
function policyLines(from: unknown, to: unknown): readonly string[] {
  const after = linesOf(to);
  if (from === undefined) return after;
  const before = linesOf(from);
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

function linesOf(text: unknown): readonly string[] {
  return String(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(', ') || 'none';
  return typeof value === 'string' ? value || 'none' : JSON.stringify(value);
}
