import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createQueryClient } from './api/query-client.js';
import { SignInGate } from './sign-in/sign-in-gate.js';
import { DialogProvider } from './dialogs/dialog-provider.js';
import { FailureBoundary } from './loading/failure-boundary.js';
import { Sheets } from './palette/sheets.js';
import { Routes } from './routes.js';
import { Shell } from './shell/shell.js';
import { styleNonce } from './shell/style-nonce.js';
import { colorSchemeManager, cssVariables, theme } from './shell/theme.js';
import { ToastList } from './shell/toast-list.js';

/** The whole page; without a login it is the sign-in page. */
export function App() {
  const [queryClient] = useState(createQueryClient);
  return (
    <MantineProvider
      theme={theme}
      getStyleNonce={styleNonce}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemeManager}
    >
      <QueryClientProvider client={queryClient}>
        <FailureBoundary what="Rollcall">
          <SignInGate>
            <DialogProvider>
              <Shell>
                <Sheets />
                <Routes />
              </Shell>
            </DialogProvider>
          </SignInGate>
          <ToastList />
        </FailureBoundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}
