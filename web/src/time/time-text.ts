const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });
const clockFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** A time in the viewer's zone, to the second, with the zone's name. */
export function exactTime(iso: string): string {
  return exactFormat.format(new Date(iso));
}

const UTC_MOMENT = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

/** Text of the control plane, with its times converted to the viewer's zone. */
export function inLocalTime(text: string): string {
  return text.replaceAll(UTC_MOMENT, (iso) => (Number.isNaN(Date.parse(iso)) ? iso : exactTime(iso)));
}

/** The time of day in the viewer's zone. */
export function clockTime(ms: number): string {
  return clockFormat.format(new Date(ms));
}

const STEPS = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3_600 },
  { unit: 'min', seconds: 60 },
] as const;

/** A duration in at most two units: `8 s`, `4 min 10 s`, `3 h 5 min`, `12 d 4 h`. */
export function stretchText(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1_000));
  for (const [index, { unit, seconds }] of STEPS.entries()) {
    if (total < seconds) continue;
    const smaller = STEPS[index + 1] ?? { unit: 's', seconds: 1 };
    const rest = Math.floor((total % seconds) / smaller.seconds);
    return `${Math.floor(total / seconds)} ${unit}${rest > 0 ? ` ${rest} ${smaller.unit}` : ''}`;
  }
  return `${total} s`;
}

/** How long ago, in one unit: short enough for a column. */
export function ageText(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1_000));
  const step = STEPS.find(({ seconds }) => total >= seconds);
  return step ? `${Math.floor(total / step.seconds)} ${step.unit} ago` : `${total} s ago`;
}
