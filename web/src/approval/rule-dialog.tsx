import { NativeSelect, NumberInput, Stack, TagsInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import {
  createApprovalRule,
  editApprovalRule,
  type ApprovalRule,
  type CreateApprovalRuleRequest,
} from '../../../client/index.js';
import { RULE_BOUNDS } from '../../../contract/approval-rule.js';
import { parseDuration } from '../../../contract/duration.js';
import { NAME_PATTERN_SYNTAX, RESOURCE_NAME_SYNTAX } from '../../../contract/name-pattern.js';
import { answerOf } from '../api/answer-of.js';
import { useCreation } from '../api/use-creation.js';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { DurationField } from '../dialogs/duration-field.js';
import { FormEnd } from '../dialogs/form-end.js';
import { announce } from '../parts/toasts.js';
import { RULES_KEY } from './rule-queries.js';

const GIBIBYTE = 1_024 ** 3;
const NEVER = 'never';
const DECISIONS = [
  { value: 'approve', label: 'Approve them' },
  { value: 'reject', label: 'Reject them' },
  { value: 'wait', label: 'Let them wait for an administrator' },
];
/** Figures of the hardware, as the api names them. */
const FIGURES: Record<string, string> = {
  cores: 'hardware.cores',
  memoryGib: 'hardware.memory',
  gpus: 'hardware.gpus',
};
const FIELDS = [
  ...['name', 'order', 'namePattern', 'labels', 'joinTokens', 'networks', 'expiresIn', 'reason'],
  ...Object.values(FIGURES),
];

/** The input; numbers are texts until they are complete. */
interface Typed {
  name: string;
  decision: ApprovalRule['decision'];
  order: number | string;
  namePattern: string;
  labels: string[];
  joinTokens: string[];
  networks: string[];
  cores: number | string;
  memoryGib: number | string;
  gpus: number | string;
  expiresIn: string;
  reason: string;
}

/** Creates or changes an approval rule. */
export function RuleDialog({ rule, onClosed }: { rule?: ApprovalRule; onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const close = () => setOpened(false);
  const done = ({ name }: ApprovalRule) => {
    announce({ kind: 'success', text: `The rule ${name} is ${rule ? 'changed' : 'created'}.` });
    close();
  };
  return (
    <DialogFrame state={{ opened, close, onClosed }} title={rule ? `Change the rule ${rule.name}` : 'Create a rule'}>
      <RuleForm rule={rule} onDone={done} onCancel={close} />
    </DialogFrame>
  );
}

interface RuleFormProps {
  rule: ApprovalRule | undefined;
  onDone: (rule: ApprovalRule) => void;
  onCancel: () => void;
}

function RuleForm({ rule, onDone, onCancel }: RuleFormProps) {
  const [typed, setTyped] = useState<Typed>(() => typedOf(rule));
  const [tried, setTried] = useState(false);
  const { make, forget, error, isPending, saidOf } = useCreation({
    send: ({ name, ...rest }: CreateApprovalRuleRequest, headers) =>
      answerOf(
        rule
          ? editApprovalRule({ path: { name }, body: { ...rest, ...expiryOf(rest), version: rule.version }, headers })
          : createApprovalRule({ body: { name, ...rest }, headers }),
      ),
    onMade: onDone,
    changes: [RULES_KEY],
  });
  const wrong = faultsOf(typed, rule !== undefined);
  const errorOf = (field: string) => (tried ? wrong[field] : undefined) ?? saidOf(FIGURES[field] ?? field);
  const say = (change: Partial<Typed>) => {
    setTyped({ ...typed, ...change });
    forget();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).every((fault) => fault === undefined)) make(requestOf(typed));
  };
  const text = (field: 'name' | 'namePattern' | 'reason', label: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      value={typed[field]}
      onChange={(event) => say({ [field]: event.currentTarget.value })}
      error={errorOf(field)}
      autoComplete="off"
      spellCheck={false}
    />
  );
  const list = (field: 'labels' | 'joinTokens' | 'networks', label: string, description: string) => (
    <TagsInput
      label={label}
      description={description}
      value={typed[field]}
      onChange={(next) => say({ [field]: next })}
      error={errorOf(field)}
      splitChars={[',', ' ']}
      acceptValueOnBlur
    />
  );
  const number = (field: 'order' | 'cores' | 'memoryGib' | 'gpus', label: string, description: string) => (
    <NumberInput
      label={label}
      description={description}
      value={typed[field]}
      onChange={(next) => say({ [field]: next })}
      error={errorOf(field)}
      min={0}
      hideControls
      styles={{ wrapper: { maxWidth: 240 } }}
    />
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {!rule && text('name', 'Name', 'Lower-case letters, digits and hyphens.')}
        <NativeSelect
          label="Nodes that match"
          data={DECISIONS}
          value={typed.decision}
          onChange={(event) => say({ decision: event.currentTarget.value as Typed['decision'] })}
        />
        {text('namePattern', 'Named', 'Optional; a star stands for any characters: gpu-*.')}
        {list('labels', 'Labels', 'Optional; labels that a node must have: pool=gpu.')}
        {list('networks', 'From', 'Optional; addresses or networks: 10.0.0.0/8.')}
        {list('joinTokens', 'Join tokens', 'Optional; ids of the tokens that they join with.')}
        {number('cores', 'Cores', 'Optional; logical cores that a node has at least.')}
        {number('memoryGib', 'Memory in GiB', 'Optional; what a node has at least.')}
        {number('gpus', 'GPUs', 'Optional; how many a node has at least.')}
        {number('order', 'Order', 'Rules are tried by ascending order; the first that matches decides.')}
        <DurationField
          label="Expires after"
          description={rule ? `Empty: as it is. ${NEVER}: it does not expire.` : 'Optional; it is ignored after that.'}
          value={typed.expiresIn}
          onChange={(expiresIn) => say({ expiresIn })}
          error={errorOf('expiresIn')}
        />
        {text('reason', 'Reason', 'Optional; for people. A rejected node is told too.')}
        <FormEnd
          label={rule ? 'Change' : 'Create rule'}
          failure={rule ? 'Could not change the rule' : 'Could not create the rule'}
          error={FIELDS.some(saidOf) ? null : error}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}

function typedOf(rule: ApprovalRule | undefined): Typed {
  const { name = '', decision = 'approve', order = 100, namePattern, reason = '' } = rule ?? {};
  const { labels = [], joinTokens = [], networks = [], hardware = {} } = rule ?? {};
  const { cores = '', memory, gpus = '' } = hardware;
  return {
    ...{ name, decision, order, reason, labels, joinTokens, networks, cores, gpus },
    namePattern: namePattern ?? '',
    memoryGib: memory === undefined ? '' : memory / GIBIBYTE,
    expiresIn: '',
  };
}

function requestOf({
  namePattern,
  expiresIn,
  order,
  cores,
  memoryGib,
  gpus,
  ...same
}: Typed): CreateApprovalRuleRequest {
  return {
    ...same,
    order: Number(order),
    namePattern: namePattern === '' ? null : namePattern,
    hardware: {
      ...(cores !== '' && { cores: Number(cores) }),
      ...(memoryGib !== '' && { memory: Math.round(Number(memoryGib) * GIBIBYTE) }),
      ...(gpus !== '' && { gpus: Number(gpus) }),
    },
    ...(expiresIn !== '' && { expiresIn }),
  };
}

/** A change may end the expiry. */
function expiryOf({ expiresIn }: Pick<CreateApprovalRuleRequest, 'expiresIn'>) {
  return expiresIn === NEVER ? { expiresIn: null } : {};
}

/** Checks that need no request to the api. */
function faultsOf(
  { name, namePattern, order, cores, memoryGib, gpus, expiresIn }: Typed,
  isChange: boolean,
): Record<string, string | undefined> {
  const isOrder = Number.isInteger(order) && Number(order) >= 0 && Number(order) <= RULE_BOUNDS.order;
  return {
    name: RESOURCE_NAME_SYNTAX.test(name) ? undefined : '1 to 63 lower-case letters, digits or hyphens.',
    namePattern:
      namePattern === '' || NAME_PATTERN_SYNTAX.test(namePattern)
        ? undefined
        : '1 to 63 lower-case letters, digits, dots, hyphens and stars, such as gpu-*.',
    order: isOrder ? undefined : 'A number from 0 to 1,000.',
    cores: isFigure(cores) ? undefined : 'A whole number, at least 1.',
    memoryGib: memoryGib === '' || Number(memoryGib) > 0 ? undefined : 'More than 0.',
    gpus: isFigure(gpus) ? undefined : 'A whole number, at least 1.',
    expiresIn:
      expiresIn === '' || (isChange && expiresIn === NEVER) || parseDuration(expiresIn)
        ? undefined
        : 'Write it as 12h or 30d.',
  };
}

function isFigure(figure: number | string): boolean {
  return figure === '' || (Number.isInteger(figure) && Number(figure) >= 1);
}
