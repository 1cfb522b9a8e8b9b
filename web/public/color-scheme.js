// Before the first paint: the remembered colour scheme, so that a dark page does not flash white. A file of its own, as the
// page's policy runs no inline scripts.
(() => {
  let wanted = null;
  try {
    wanted = localStorage.getItem('rollcall.color-scheme');
  } catch {
    // Storage is forbidden here: the system's scheme it is.
  }
  const dark = wanted === 'dark' || (wanted !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
