export { ActionMenu, type MenuAction } from './action-menu.tsx';
export { Button, ButtonLink, type ButtonLinkProps, type ButtonProps } from './button.tsx';
export { ColumnMenu, useShownColumns } from './columns.tsx';
export { Copyable } from './copyable.tsx';
export { BulkBar, type Column, DataTable, Who } from './data-table.tsx';
export { Acknowledge, ConfirmDialog, Dialog, preloadDialogs, SidePanel } from './dialog.tsx';
export { Empty } from './empty.tsx';
export { filterQuery, matches, type ParsedFilter, parseFilter, type RowFacts } from './filter.ts';
export { FilterInput } from './filter-input.tsx';
export {
  capital,
  formatClock,
  formatCount,
  formatDuration,
  fullName,
  plural,
} from './format.ts';
export { Go, path } from './go.tsx';
export { Icon } from './icons.tsx';
export { singleKeysOn, switchSingleKeys, useKeys } from './keys.ts';
export { Loading, Refreshing } from './loading.tsx';
export { useNeighbours } from './neighbours.ts';
export { Card, Facts, PageHeader, Row, Toolbar } from './page-header.tsx';
export { Later } from './painted.tsx';
export { ProblemPanel } from './problem-panel.tsx';
export { Remote } from './remote.tsx';
export { type Selection, useSelection } from './selection.ts';
export { StateBadge } from './state-badge.tsx';
export { stateWord } from './states.ts';
export { Time, useNow } from './time.tsx';
export { confirmToast, Toasts } from './toast.tsx';
