import { MantineProvider } from '@mantine/core';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Toasts } from '../parts/index.ts';
import type { AppRouter } from './router.tsx';
import { theme } from './theme.ts';

/** The whole page. Mantine's variables come from a stylesheet, since the content security policy allows no style element. */
export function App({ router, client }: { readonly router: AppRouter; readonly client: QueryClient }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  );
}
