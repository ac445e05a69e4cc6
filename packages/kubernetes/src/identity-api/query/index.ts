export { type ContinueTokens, type Cursor, createContinueTokens } from './continue-token.ts';
export { type DeleteOptions, readDeleteOptions, readDryRun } from './delete-options.ts';
export { exactField, type FieldTerm, matchesFields, parseFieldSelector } from './field-selector.ts';
export { type LabelMatcher, parseLabelSelector } from './label-selector.ts';
export { isWatch, type ListOptions, type Query, readListOptions } from './list-options.ts';
