import { createTheme } from '@mantine/core';

/** What Mantine must know in code; colours and sizes are in tokens.css. */
export const theme = createTheme({
  primaryColor: 'blue',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // Else every list of choices is in the page from the beginning, is measured, and costs more than the table below it.
    Combobox: { defaultProps: { keepMounted: false } },
    Modal: { defaultProps: { transitionProps: { duration: 120 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 } } },
    Tooltip: { defaultProps: { events: { hover: true, focus: true, touch: true } } },
  },
});
