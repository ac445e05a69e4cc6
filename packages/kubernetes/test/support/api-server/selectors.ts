import { at, type Json, text } from './json.ts';
import { badRequest } from './status.ts';

/** Equality, inequality and presence, which are all that is sent here. */
export function matchesLabels(object: Json, selector: string | null): boolean {
  const labels = at(at(object, 'metadata'), 'labels');
  return (selector ?? '')
    .split(',')
    .filter((part) => part !== '')
    .every((part) => {
      const [, key = '', operator, value] = /^([^=!]+)(!=|==?)?(.*)$/.exec(part) ?? [];
      if (operator === undefined) return key in labels;
      return operator === '!=' ? labels[key] !== value : labels[key] === value;
    });
}

export function matchesFields(object: Json, selector: string | null): boolean {
  const metadata = at(object, 'metadata');
  return (selector ?? '')
    .split(',')
    .filter((part) => part !== '')
    .every((part) => {
      const [field = '', value = ''] = part.split(/==?/);
      if (field === 'metadata.name') return text(metadata.name) === value;
      if (field === 'metadata.namespace') return text(metadata.namespace) === value;
      throw badRequest(`field label not supported: ${field}`);
    });
}
