import './app/styles.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/index.ts';
import { App, createAppRouter } from './app/index.ts';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');
const client = createQueryClient();
createRoot(root).render(
  <StrictMode>
    <App router={createAppRouter(client)} client={client} />
  </StrictMode>,
);
