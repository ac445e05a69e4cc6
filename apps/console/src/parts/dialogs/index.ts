export { Acknowledge } from './acknowledge.tsx';
export { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog.tsx';
export { Dialog, SidePanel, type WindowProps } from './windows.tsx';
