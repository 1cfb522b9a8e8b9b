/** Time for the browser to start the download, in milliseconds. */
const KEPT_FOR_MS = 60_000;

/** Downloads a text as a file. */
export function saveFile(name: string, parts: readonly BlobPart[], type = 'application/x-ndjson'): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_FOR_MS);
}
