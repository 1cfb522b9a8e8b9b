import './mantine-styles.css';
import './page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connectClient } from './api/connect-client.js';
import { App } from './app.js';
import { shareStyleNonce } from './shell/style-nonce.js';

connectClient();
shareStyleNonce();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
