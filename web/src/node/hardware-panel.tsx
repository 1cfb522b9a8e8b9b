import { Text } from '@mantine/core';
import type { Node } from '../../../client/index.js';
import { plural, sizeText } from '../parts/size-text.js';
import { Fact, Facts } from '../parts/facts.js';
import { Panel } from '../parts/panel.js';
import { Age, ExactTime } from '../time/age.js';

/** The machine and its software, as reported by its agent. */
export function HardwarePanel({ node: { info, type } }: { node: Node }) {
  return (
    <Panel title="Hardware and versions">
      {info ? <Machine info={info} /> : <Unknown requester={type === 'Requester'} />}
    </Panel>
  );
}

function Unknown({ requester }: { requester: boolean }) {
  return (
    <Text size="sm" c="dimmed">
      {requester ? 'Api replicas do not report their hardware.' : 'Known once its agent has joined.'}
    </Text>
  );
}

function Machine({ info }: { info: NonNullable<Node['info']> }) {
  const { agentVersion, hostname, addresses = [], bootTime, zone, instanceId } = info;
  const { os, cpu, memory, disks, gpus, unread = [] } = info;
  const mayUse = cpu.usableCores < cpu.logicalCores ? `, of which it may use ${cpu.usableCores}` : '';
  return (
    <Facts>
      <Fact name="Hostname">{hostname}</Fact>
      {addresses.length > 0 && (
        <Fact name={addresses.length === 1 ? 'Address' : 'Addresses'}>
          {addresses.map((address) => (
            <div key={address}>{address}</div>
          ))}
        </Fact>
      )}
      {zone !== undefined && <Fact name="Zone">{zone}</Fact>}
      {instanceId !== undefined && <Fact name="Instance">{instanceId}</Fact>}
      {bootTime !== undefined && (
        <Fact name="Booted">
          <ExactTime at={bootTime} /> (<Age at={bootTime} />)
        </Fact>
      )}
      <Fact name="Agent">{agentVersion}</Fact>
      <Fact name="System">{`${os.distribution} ${os.release}`.trim()}</Fact>
      <Fact name="Kernel">{`${os.kernel} (${os.platform}, ${os.architecture})`}</Fact>
      <Fact name="CPU">
        {cpu.model}
        <Text
          size="xs"
          c="dimmed"
        >{`${plural(cpu.logicalCores, 'core')} on ${cpu.physicalCores} physical${mayUse}`}</Text>
      </Fact>
      <Fact name="Memory">
        {sizeText(memory.totalBytes)}
        {memory.usableBytes < memory.totalBytes && `, of which it may use ${sizeText(memory.usableBytes)}`}
      </Fact>
      <Fact name={disks.length === 1 ? 'Disk' : 'Disks'}>
        {disks.length === 0
          ? 'none reported'
          : disks.map(({ device, mount, filesystem, totalBytes }) => (
              <div key={`${device} ${mount}`}>
                {mount}{' '}
                <Text component="span" size="xs" c="dimmed">{`${sizeText(totalBytes)}, ${filesystem}, ${device}`}</Text>
              </div>
            ))}
      </Fact>
      <Fact name={gpus.length === 1 ? 'GPU' : 'GPUs'}>
        {gpus.length === 0
          ? 'none'
          : gpus.map(({ index, vendor, model, memoryBytes }) => (
              <div key={index}>
                {`${index}: ${vendor} ${model}`}
                {memoryBytes !== null && (
                  <Text component="span" size="xs" c="dimmed">{` ${sizeText(memoryBytes)}`}</Text>
                )}
              </div>
            ))}
      </Fact>
      {unread.length > 0 && (
        <Fact name="Could not be read">
          {unread.map(({ part, reason }) => (
            <div key={part}>{`${part}: ${reason}`}</div>
          ))}
        </Fact>
      )}
    </Facts>
  );
}
