import { Button, Menu } from '@mantine/core';
import { Icon } from '../parts/icon.js';
import { countText, plural } from '../parts/size-text.js';
import { saveFile } from '../parts/save-file.js';
import { announce } from '../parts/toasts.js';
import { useLongRead } from '../parts/use-long-read.js';
import { allMatching } from './all-matching.js';
import type { ListParams } from './list-params.js';
import { exportText, type ExportFormat } from './node-export.js';

const TYPES: Record<ExportFormat, string> = { csv: 'text/csv;charset=utf-8', json: 'application/json' };

/** Downloads all nodes that match the list's filter, in its order, not only this page. */
export function DownloadMenu({ params, total }: { params: ListParams; total: number | undefined }) {
  const { come, run, stop } = useLongRead('The nodes could not be saved');

  const download = (format: ExportFormat) =>
    run(async (signal, onProgress) => {
      const nodes = await allMatching(params, { signal, onProgress });
      const day = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
      saveFile(`nodes-${day}.${format}`, [exportText(format, nodes)], TYPES[format]);
      announce({ kind: 'success', text: `${plural(nodes.length, 'node')} saved as ${format.toUpperCase()}.` });
    });
  if (come !== undefined) {
    return (
      <Button size="xs" variant="default" leftSection={<Icon name="x" size={14} />} onClick={stop}>
        {`Cancel: ${countText(come)}${total === undefined ? '' : ` of ${countText(total)}`} read`}
      </Button>
    );
  }
  const all = total === undefined ? 'All nodes' : plural(total, 'node');
  return (
    <Menu position="bottom-end" shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<Icon name="download" size={14} />}>
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void download('csv')}>{`${all} as CSV`}</Menu.Item>
        <Menu.Item onClick={() => void download('json')}>{`${all} as JSON`}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
