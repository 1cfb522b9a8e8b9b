import type { FleetNodes } from '../../../client/index.js';
import classes from './cells.module.css';
import { cellTexts } from './cell-texts.js';

export interface CellMarkProps {
  fleet: FleetNodes;
  /** Label key; '' if they are not grouped. */
  label: string;
  /** Sizes of a cell and of the picture, in pixels. */
  size: number;
  width: number;
}

/** A frame around a cell, and its node's description. */
export function CellMark({
  fleet,
  label,
  size,
  width,
  cell: { index, x, y },
}: CellMarkProps & { cell: { index: number; x: number; y: number } }) {
  const [id, ...rest] = cellTexts(fleet, index, label);
  return (
    <>
      <span
        className={classes['mark']}
        style={{ insetInlineStart: x - 2, insetBlockStart: y - 2, width: size, height: size }}
      />
      <div
        className={classes['tip']}
        style={{
          insetBlockStart: y + size + 6,
          ...(x > width / 2 ? { insetInlineEnd: Math.max(0, width - x - size) } : { insetInlineStart: x }),
        }}
        data-tip
      >
        <strong>{id}</strong>
        {rest.map((text) => (
          <span key={text} className="numeric">
            {text}
          </span>
        ))}
      </div>
    </>
  );
}
