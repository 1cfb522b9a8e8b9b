import { Center, Loader, VisuallyHidden } from '@mantine/core';

/** Shown until the first answer. */
export function Loading({ what }: { what: string }) {
  return (
    <Center p="xl" role="status">
      <Loader size="sm" />
      <VisuallyHidden>Loading the {what}</VisuallyHidden>
    </Center>
  );
}
