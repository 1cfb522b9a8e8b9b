import { ActionIcon, Anchor, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Link } from 'wouter';
import { Icon } from '../parts/icon.js';
import { writeParams, type ListParams } from './list-params.js';
import { listPath } from './list-trail.js';
import { LONGEST_NAME, useSavedViews, viewOf } from './saved-views.js';

/** Saved views: open, save or delete one. */
export function ViewsMenu({ params }: { params: ListParams }) {
  const [opened, setOpened] = useState(false);
  const { views, save, remove } = useSavedViews();
  const [name, setName] = useState('');
  const [whyNot, setWhyNot] = useState<string>();
  const here = viewOf(writeParams(params));
  const current = views.find(({ search }) => search === here);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const refused = save(name.trim(), here);
    setWhyNot(refused);
    if (refused === undefined) setName('');
  };
  return (
    <Popover position="bottom-end" width={280} shadow="md" trapFocus returnFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="bookmark" size={14} />}
          onClick={() => setOpened((before) => !before)}
        >
          {current === undefined ? 'Views' : `View: ${current.name}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Saved views">
        <Stack gap="xs">
          {views.length === 0 ? (
            <Text size="sm" c="dimmed">
              No views yet. A view saves filter, order and page size in this browser.
            </Text>
          ) : (
            <Stack component="ul" gap={2} m={0} p={0} style={{ listStyle: 'none' }}>
              {views.map((view) => (
                <Group key={view.name} component="li" justify="space-between" wrap="nowrap" gap="xs">
                  <Anchor
                    component={Link}
                    href={listPath(view.search)}
                    size="sm"
                    aria-current={view === current ? 'true' : undefined}
                    style={{ overflowWrap: 'anywhere' }}
                    onClick={() => setOpened(false)}
                  >
                    {view.name}
                  </Anchor>
                  <ActionIcon
                    size="sm"
                    variant="subtle"
                    color="gray"
                    aria-label={`Delete the view ${view.name}`}
                    onClick={() => remove(view.name)}
                  >
                    <Icon name="x" size={14} />
                  </ActionIcon>
                </Group>
              ))}
            </Stack>
          )}
          <form onSubmit={submit}>
            <Group gap="xs" align="flex-start" wrap="nowrap">
              <TextInput
                size="xs"
                aria-label="Name of this view"
                placeholder="Name this view"
                maxLength={LONGEST_NAME}
                value={name}
                error={whyNot}
                onChange={({ currentTarget: { value } }) => setName(value)}
                style={{ flex: 1 }}
              />
              <Button type="submit" size="xs">
                Save
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
