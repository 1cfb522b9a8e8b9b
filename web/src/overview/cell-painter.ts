import { TITLE_HEIGHT, type CellLayout } from './cell-layout.js';

/** Number of cells drawn before yielding: some milliseconds' work, even on a slow machine. */
const AT_ONCE = 2_500;
const FONT = '600 12px system-ui, sans-serif';

/** A layout with colours and titles. */
export interface CellPicture {
  layout: CellLayout;
  width: number;
  /** A canvas colour for each node. */
  colours: readonly string[];
  /** A title for each group; none if they have none. */
  titles: ReadonlyMap<number, string> | undefined;
  titleColour: string;
}

/** Draws thousands of cells without blocking the page: in parts, and over the existing ones if only colours differ. */
export class CellPainter {
  private latest = 0;
  private drawn: CellLayout | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    /** Called with the number of drawn cells: 0 when a drawing begins anew, all when it is done. */
    private readonly stand: (cells: number) => void,
  ) {}

  draw(picture: CellPicture): void {
    const turn = ++this.latest;
    const pen = this.canvas.getContext('2d');
    if (pen === null) return;
    if (this.drawn !== picture.layout) {
      this.stand(0);
      this.clear(pen, picture);
    }
    const parts = this.paint(pen, picture);
    const go = () => {
      if (turn !== this.latest) return;
      const { value, done } = parts.next();
      if (done === true) this.stand(value ?? 0);
      else setTimeout(go);
    };
    // Not in the task that renders the page.
    setTimeout(go);
  }

  stop(): void {
    this.latest += 1;
  }

  private clear(pen: CanvasRenderingContext2D, { layout, width, titles, titleColour }: CellPicture): void {
    const sharpness = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * sharpness);
    this.canvas.height = Math.round(layout.height * sharpness);
    pen.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    this.drawn = layout;
    if (titles === undefined) return;
    pen.font = FONT;
    pen.fillStyle = titleColour;
    pen.textBaseline = 'top';
    for (const { group, x, y, width: room } of layout.blocks)
      pen.fillText(fitted(pen, titles.get(group) ?? '', room), x, y + 3);
  }

  private *paint(pen: CanvasRenderingContext2D, { layout, colours, titles }: CellPicture): Generator<void, number> {
    const { size, gap, blocks } = layout;
    let cells = 0;
    for (const { x, y, columns, indexes } of blocks) {
      const top = y + (titles === undefined ? 0 : TITLE_HEIGHT);
      for (const [place, index] of indexes.entries()) {
        pen.fillStyle = colours[index] ?? 'gray';
        pen.fillRect(x + (place % columns) * size, top + Math.floor(place / columns) * size, size - gap, size - gap);
        cells += 1;
        if (cells % AT_ONCE === 0) yield;
      }
    }
    return cells;
  }
}

/** As much of the text as fits. */
function fitted(pen: CanvasRenderingContext2D, text: string, room: number): string {
  let rest = text;
  while (rest.length > 1 && pen.measureText(rest === text ? text : `${rest}…`).width > room) rest = rest.slice(0, -1);
  return rest === text ? text : `${rest}…`;
}
