import { createTheme, localStorageColorSchemeManager, type CSSVariablesResolver } from '@mantine/core';

/** Shades dark enough for white text, in both schemes (WCAG AA). */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'sm',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** Mantine's own greys and reds for secondary text, and its blue for hovered items, have too little contrast (below 4.5 : 1). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#555d66',
    '--mantine-color-placeholder': '#656d76',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#1864ab',
    '--mantine-color-blue-light-hover': '#c5e6ff',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b1ba',
    '--mantine-color-placeholder': '#9aa2ab',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-anchor': '#74c0fc',
  },
});

/** Auto until the viewer chooses; public/color-scheme.js reads the same key before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'rollcall.color-scheme' });
