import type { NodeEvent } from '../../../client/index.js';
import { eventWord } from '../parts/event-word.js';
import { Age } from '../time/age.js';
import { exactTime, inLocalTime } from '../time/time-text.js';
import classes from './event-table.module.css';

/** Events as a table; on narrow screens each event is a paragraph. */
export function EventTable({ events }: { events: readonly NodeEvent[] }) {
  return (
    <section className={classes['frame']} aria-label="Events">
      <table className={classes['table']} role="table">
        <thead role="rowgroup">
          <tr role="row">
            {['When', 'What', 'Who', 'Why', 'From'].map((name) => (
              <th key={name} role="columnheader" scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {events.map((event) => (
            <tr key={event.id} role="row" data-event={event.type}>
              <td role="cell" data-column="when" className="numeric">
                {exactTime(event.at)}
                <small>
                  <Age at={event.at} />
                </small>
              </td>
              <td role="cell" data-column="what">
                {eventWord(event.type)}
              </td>
              <td role="cell" data-column="who" data-label="by ">
                {event.by}
              </td>
              <td role="cell" data-column="why">
                {inLocalTime(event.reason)}
              </td>
              <td role="cell" data-column="from" {...(event.from === null ? {} : { 'data-label': 'from ' })}>
                {event.from}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
