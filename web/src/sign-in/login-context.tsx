import { createContext, use, type ReactNode } from 'react';
import type { Login } from '../../../client/index.js';

const LoginContext = createContext<Login | null>(null);

export function LoginProvider({ login, children }: { login: Login; children: ReactNode }) {
  return <LoginContext value={login}>{children}</LoginContext>;
}

/** Who is signed in. */
export function useLogin(): Login {
  const login = use(LoginContext);
  if (!login) throw new Error('useLogin is for what stands inside of the SignInGate');
  return login;
}
