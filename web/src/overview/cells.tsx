import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState, type PointerEvent } from 'react';
import { useLocation } from 'wouter';
import type { FleetNodes } from '../../../client/index.js';
import { nodePath } from '../nodes/node-path.js';
import { drawnColour } from '../parts/drawn-colour.js';
import { cellColours, type Colouring } from './cell-colours.js';
import { CellCursor } from './cell-cursor.js';
import { cellAt, layoutCells, type CellGroup } from './cell-layout.js';
import { CellMark } from './cell-mark.js';
import { CellPainter } from './cell-painter.js';
import classes from './cells.module.css';
import { groupCells, groupTitle } from './group-cells.js';

interface CellsProps {
  fleet: FleetNodes;
  colouring: Colouring;
  /** Label key; '' if they are not grouped. */
  label: string;
  /** Description of the picture for screen readers. */
  words: string;
}

/** A cell per node, on a canvas: its description on hover or with arrow keys, its page on a click. Colours are the page's when it is drawn. */
export function Cells({ fleet, colouring, label, words }: CellsProps) {
  const { ref: frame, width } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<CellPainter>(null);
  const [drawn, setDrawn] = useState(0);
  const [pointed, setPointed] = useState<{ index: number; x: number; y: number }>();
  const [, navigate] = useLocation();
  const { nodes, groups } = fleet;
  const titled = nodes.group.length > 0;
  const shape = useShape(fleet);
  // If only colours change, cells keep their places and are drawn over.
  const layout = useMemo(() => layoutCells(width === 0 ? [] : shape, width, titled), [shape, width, titled]);

  useEffect(() => {
    if (canvas.current === null) return undefined;
    const made = new CellPainter(canvas.current, setDrawn);
    painter.current = made;
    return () => made.stop();
  }, []);
  useEffect(() => {
    const element = canvas.current?.parentElement;
    if (width === 0 || !element) return;
    const known = new Map<string, string>();
    const plain = (colour: string) => {
      const found = known.get(colour) ?? drawnColour(element, colour);
      known.set(colour, found);
      return found;
    };
    painter.current?.draw({
      layout,
      width,
      colours: cellColours(nodes, colouring).map(plain),
      titles: titled ? new Map(layout.blocks.map(({ group }) => [group, groupTitle(groups, group, label)])) : undefined,
      titleColour: plain('var(--mantine-color-text)'),
    });
  }, [layout, width, nodes, colouring, groups, label, titled]);

  const find = ({ nativeEvent }: PointerEvent<HTMLElement>) =>
    cellAt(layout, nativeEvent.offsetX, nativeEvent.offsetY, titled);
  const open = (index: number | undefined) => {
    const name = index === undefined ? undefined : nodes.id[index];
    if (name !== undefined) navigate(nodePath(name));
  };
  const mark = { fleet, label, size: layout.size, width };
  return (
    <div ref={frame} className={`${classes['frame']} live`} data-cells={drawn} data-cell-size={layout.size}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={words}
        style={{ height: layout.height }}
        className={classes['canvas']}
        data-pointed={pointed !== undefined || undefined}
        onPointerMove={(event) => setPointed(find(event))}
        onPointerLeave={() => setPointed(undefined)}
        onClick={({ nativeEvent: { offsetX, offsetY } }) => open(cellAt(layout, offsetX, offsetY, titled)?.index)}
      />
      {layout.blocks.length > 0 && (
        <CellCursor {...mark} layout={layout} onOpen={open} isHidden={pointed !== undefined} />
      )}
      {pointed !== undefined && <CellMark {...mark} cell={pointed} />}
    </div>
  );
}

/** Keeps the groups' identity as long as their nodes are the same: most answers differ in usage only. */
function useShape(fleet: FleetNodes): readonly CellGroup[] {
  const { groups, nodes } = fleet;
  const key = useMemo(() => `${groups.join(' ')}|${nodes.group.join(' ')}|${nodes.id.length}`, [groups, nodes]);
  const [known, setKnown] = useState(() => ({ key, shape: groupCells(fleet) }));
  if (known.key === key) return known.shape;
  const shape = groupCells(fleet);
  setKnown({ key, shape });
  return shape;
}
