import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Node } from '../../../client/index.js';
import { isHeard } from '../../../contract/health.js';
import { measure, REPORTED_MEASURES } from '../../../contract/measures.js';
import { countText, figureText, percentText, plural, sizeText } from '../parts/size-text.js';
import { UsageBar } from '../parts/usage-bar.js';
import { Age } from '../time/age.js';
import { Fact, Facts } from '../parts/facts.js';
import { Panel } from '../parts/panel.js';

/** Resource usage according to the node's last heartbeat. */
export function UsagePanel({ node }: { node: Node }) {
  const { resources, lastHeartbeat, reserved, id, activeSessions } = node;
  if (!resources) {
    return (
      <Panel title="In use">
        <Text size="sm" c="dimmed">
          Known after its first heartbeat.
        </Text>
      </Panel>
    );
  }
  const { cpu, memory, disk, gpus, sessions } = resources;
  const old = !isHeard(node);
  const share = ({ usedBytes, totalBytes }: typeof memory) => (totalBytes > 0 ? usedBytes / totalBytes : 0);
  const sizes = ({ usedBytes, totalBytes }: typeof memory) => `${sizeText(usedBytes)} of ${sizeText(totalBytes)}`;
  return (
    <Panel
      title={old ? 'In use when it was last heard' : 'In use'}
      actions={
        lastHeartbeat !== null && (
          <Text size="xs" c="dimmed">
            as of <Age at={lastHeartbeat} />
          </Text>
        )
      }
    >
      <Facts>
        <Fact name="CPU">
          <UsageBar
            label={`CPU of ${id}`}
            fraction={cpu.utilization}
            title={`${percentText(cpu.utilization)} of ${plural(cpu.cores, 'core')}`}
            old={old}
          />
          <Small>{plural(cpu.cores, 'core')}</Small>
        </Fact>
        <Fact name="Memory">
          <UsageBar
            label={`Memory of ${id}`}
            fraction={share(memory)}
            title={sizes(memory)}
            old={old}
            warns={measure('memoryUsedBytes').warns}
          />
          <Small>{sizes(memory)}</Small>
        </Fact>
        <Fact name="Disk">
          {disk === undefined ? (
            'could not be read'
          ) : (
            <>
              <UsageBar
                label={`Disk of ${id}`}
                fraction={share(disk)}
                title={sizes(disk)}
                old={old}
                warns={measure('diskUsedBytes').warns}
              />
              <Small>
                {sizes(disk)}, {sizeText(disk.availableBytes)} available
              </Small>
            </>
          )}
        </Fact>
        {gpus.map(({ index, utilization, memoryUsedBytes, memoryTotalBytes }) => (
          <Fact key={index} name={`GPU ${index}`}>
            {utilization === null ? (
              'not reported'
            ) : (
              <UsageBar
                label={`GPU ${index} of ${id}`}
                fraction={utilization}
                title={percentText(utilization)}
                old={old}
              />
            )}
            {memoryUsedBytes !== null && memoryTotalBytes !== null && (
              <Small>{`${sizeText(memoryUsedBytes)} of ${sizeText(memoryTotalBytes)}`}</Small>
            )}
          </Fact>
        ))}
        {REPORTED_MEASURES.map((key) => {
          const figure = resources[key];
          return figure === undefined ? null : (
            <Fact key={key} name={measure(key).title}>
              <span className="live numeric">{figureText(key, figure)}</span>
            </Fact>
          );
        })}
        {node.type === 'Compute' && (
          <>
            <Fact name="Sessions">
              <span className="live numeric">{countText(activeSessions)}</span>
              {sessions && activeSessions > 0 && (
                <Small>{`using ${coresText(sessions.cpu.used)} and ${sizeText(sessions.memory.usedBytes)}`}</Small>
              )}
            </Fact>
            <Fact name="Reserved">
              <span className="live numeric">
                {`${coresText(reserved.cpu)}, ${sizeText(reserved.memory)} memory, ${sizeText(reserved.disk)} disk`}
                {reserved.gpu > 0 && `, ${plural(reserved.gpu, 'GPU')}`}
              </span>
            </Fact>
          </>
        )}
      </Facts>
    </Panel>
  );
}

function coresText(cores: number): string {
  return plural(Math.round(cores * 100) / 100, 'core');
}

function Small({ children }: { children: ReactNode }) {
  return (
    <Text component="span" size="xs" c="dimmed" display="block">
      {children}
    </Text>
  );
}
