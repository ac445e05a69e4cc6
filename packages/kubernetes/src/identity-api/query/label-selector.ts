import { badRequest } from '../wire/index.ts';

/** Whether labels are those that a selector means. */
export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

const keyPattern =
  /^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const valuePattern = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const longest = 8_192;

/**
 * Reads a label selector: `a=b,c!=d,e in (f,g),!h`.
 *
 * @throws {StatusError} `invalid_request`, as kube-apiserver words it
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */
export function parseLabelSelector(text: string): LabelMatcher {
  if (text.length > longest) throw refused('too long');
  const matchers = split(text).map(requirement);
  return (labels) => matchers.every((matches) => matches(labels));
}

/** Parts between commas that stand outside of parentheses. */
function split(text: string): readonly string[] {
  if (text.trim() === '') return [];
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of text) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (depth < 0 || depth > 1) throw refused(`unexpected "${char}"`);
    if (char === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  if (depth !== 0) throw refused('a parenthesis is not closed');
  return [...parts, part].map((one) => one.trim());
}

function requirement(text: string): LabelMatcher {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = new Set(list.split(',').map((value) => checkValue(value.trim())));
    return operator === 'in' ? isIn(checkKey(key), values) : not(isIn(checkKey(key), values));
  }
  const compared = /^([^\s=!<>]+)\s*(==|=|!=|<|>)\s*(\S*)$/.exec(text);
  if (compared) {
    const [, key = '', operator, value = ''] = compared;
    return compare(checkKey(key), operator ?? '=', checkValue(value));
  }
  if (text.startsWith('!')) return not(has(checkKey(text.slice(1).trim())));
  return has(checkKey(text));
}

function compare(key: string, operator: string, value: string): LabelMatcher {
  if (operator === '<' || operator === '>') {
    const bound = wholeNumber(value);
    if (bound === undefined) throw refused(`${operator} wants an integer`);
    return (labels) => {
      const own = wholeNumber(labelOf(labels, key));
      return own !== undefined && (operator === '<' ? own < bound : own > bound);
    };
  }
  const equal = isIn(key, new Set([value]));
  return operator === '!=' ? not(equal) : equal;
}

function has(key: string): LabelMatcher {
  return (labels) => Object.hasOwn(labels, key);
}

function isIn(key: string, values: ReadonlySet<string>): LabelMatcher {
  return (labels) => {
    const value = labelOf(labels, key);
    return value !== undefined && values.has(value);
  };
}

function not(matcher: LabelMatcher): LabelMatcher {
  return (labels) => !matcher(labels);
}

function labelOf(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function wholeNumber(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[+-]?\d{1,19}$/.test(text) ? BigInt(text) : undefined;
}

function checkKey(key: string): string {
  if (key.length > 317 || !keyPattern.test(key)) throw refused('a key is not a qualified name');
  return key;
}

function checkValue(value: string): string {
  if (!valuePattern.test(value)) throw refused('a value is not a label value');
  return value;
}

function refused(why: string) {
  return badRequest(`unable to parse requirement: ${why}`);
}
