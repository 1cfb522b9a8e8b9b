import { NativeSelect } from '@mantine/core';
import { Icon } from '../parts/icon.js';
import { stretchText } from '../time/time-text.js';
import { choosePolling, POLL_CHOICES_MS, usePollChoice } from './poll-choice.js';
import { useConfiguredPollInterval } from './use-poll-interval.js';

/** The polling interval: the configured one until the viewer chooses another. */
export function PollingControl() {
  const configured = useConfiguredPollInterval();
  const chosen = usePollChoice();
  const choices = [...new Set([...POLL_CHOICES_MS, configured])].sort((a, b) => a - b);
  return (
    <NativeSelect
      size="xs"
      w={{ base: 92, sm: 104 }}
      leftSection={<Icon name="refresh" size={14} />}
      leftSectionWidth={26}
      rightSectionWidth={22}
      styles={{ input: { paddingInlineEnd: 20 } }}
      aria-label="How often the page refreshes"
      title="How often the page refreshes; it pauses while its tab is hidden"
      value={String(chosen ?? configured)}
      onChange={({ currentTarget: { value } }) =>
        choosePolling(Number(value) === configured ? undefined : Number(value))
      }
      data={choices.map((ms) => ({ value: String(ms), label: ms === 0 ? 'Off' : stretchText(ms) }))}
    />
  );
}
