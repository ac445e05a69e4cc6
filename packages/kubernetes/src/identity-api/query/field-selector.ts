import { badRequest } from '../wire/index.ts';

/** One term of a field selector. */
export interface FieldTerm {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

const longest = 8_192;

/**
 * Reads a field selector: `metadata.name=a,status.userUID!=b`. A backslash takes the meaning from a comma, an equals sign or
 * itself.
 *
 * @param known fields that the resource can be selected by
 * @throws {StatusError} `invalid_request`, as kube-apiserver words it
 */
export function parseFieldSelector(text: string, known: readonly string[]): readonly FieldTerm[] {
  if (text === '') return [];
  if (text.length > longest) throw badRequest('invalid selector: it is too long');
  return splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => parseTerm(term, text))
    .map((term) => {
      if (known.includes(term.field)) return term;
      throw badRequest(`field label not supported: ${term.field}`);
    });
}

/** Whether an object is one that every term means. */
export function matchesFields(terms: readonly FieldTerm[], fieldOf: (field: string) => string): boolean {
  return terms.every(({ field, operator, value }) => (fieldOf(field) === value) === (operator === '='));
}

/** The value that a field has to have, if there is one. */
export function exactField(terms: readonly FieldTerm[], field: string): string | undefined {
  return terms.find((term) => term.field === field && term.operator === '=')?.value;
}

function splitTerms(text: string): readonly string[] {
  const terms: string[] = [];
  let term = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') {
      term += char + text.charAt(++at);
    } else if (char === ',') {
      terms.push(term);
      term = '';
    } else term += char;
  }
  return [...terms, term];
}

function parseTerm(term: string, whole: string): FieldTerm {
  const [, field, sign, value] = /^((?:[^\\=!]|\\.)*?)(!=|==|=)((?:[^\\=]|\\[\\,=])*)$/s.exec(term) ?? [];
  if (field === undefined || value === undefined)
    throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
  return {
    field: field.trim(),
    operator: sign === '!=' ? '!=' : '=',
    value: value.replaceAll(/\\([\\,=])/g, '$1'),
  };
}
