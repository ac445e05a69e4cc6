import { errorRegistry } from '../../packages/kit/src/index.ts';

/** `docs/errors.md`: every code with what it means at each boundary. */
export function errorsPage(): string {
  const rows = Object.entries(errorRegistry)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, info]) =>
      `| \`${code}\` | ${info.status} | ${info.exit} | ${info.reason} | ${[info.message, info.fix].filter(Boolean).join(' ')} |`.replaceAll(
        '\n',
        ' ',
      ),
    );
  return `# Errors

Every failure has one stable code, at every boundary the same: the \`code\` of a problem document (RFC 9457), the \`code\` of
\`--json\` output, the field \`code\` in logs. Codes are only ever added.

This page is generated from the registry in \`packages/kit/src/errors\`: run \`node scripts/generate.ts\`.

Exit codes: 1 failed, 2 usage, 3 not signed in, 4 refused, 5 unreachable.

| code | HTTP status | exit code | Kubernetes reason | meaning and what to do |
|---|---|---|---|---|
${rows.join('\n')}
`;
}
