import { DomainError, type Raster, ShapeError } from "@materiome/core";

/**
 * Window of a morphological operation, about its centre:
 *
 * - `square`: (2 r + 1)²; `rectangle`: odd width × odd height;
 * - `disk`: dx² + dy² ≤ r², r need not be whole; `diamond`: |dx| + |dy| ≤ r;
 * - `line`: the digital line of `lengthPx` (odd) pixels at `angleDeg` counter-clockwise from +x (0, 45, 90, 135 exact);
 * - `mask`: non-zero pixels of a raster of odd width and height, the middle one among them.
 */
export type StructuringElement =
  | { readonly shape: "square"; readonly radiusPx: number }
  | { readonly shape: "rectangle"; readonly widthPx: number; readonly heightPx: number }
  | { readonly shape: "disk"; readonly radiusPx: number }
  | { readonly shape: "diamond"; readonly radiusPx: number }
  | { readonly shape: "line"; readonly lengthPx: number; readonly angleDeg: number }
  | { readonly shape: "mask"; readonly mask: Raster<Uint8Array> };

/** An element as horizontal runs, sorted by length. */
export interface ElementRuns {
  readonly dy: Int32Array;
  readonly x: Int32Array;
  readonly length: Int32Array;
}

/**
 * Pixels of a structuring element as a mask of odd size.
 *
 * @throws DomainError or ShapeError for an element that is not one of the shapes above
 * @example
 * const { width } = elementMask({ shape: "disk", radiusPx: 2.5 }); // 5
 */
export function elementMask(element: StructuringElement): Raster<Uint8Array> {
  checkElement("elementMask", element);
  if (element.shape === "mask") return element.mask;
  const { rx, ry, holds } = describeElement(element);
  const width = 2 * rx + 1;
  const data = new Uint8Array(width * (2 * ry + 1));
  for (let dy = -ry; dy <= ry; dy++) {
    for (let dx = -rx; dx <= rx; dx++) if (holds(dx, dy)) data[(dy + ry) * width + dx + rx] = 1;
  }
  return { data, width, height: 2 * ry + 1, channels: 1 };
}

/** @param isReflected - about the centre, as dilation needs it */
export function elementRuns(element: StructuringElement, isReflected: boolean): ElementRuns {
  const { data, width, height } = elementMask(element);
  const runs: { dy: number; x: number; length: number }[] = [];
  const rx = (width - 1) / 2;
  const ry = (height - 1) / 2;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      const from = x;
      while (x < width && data[y * width + x] !== 0) x++;
      const length = x - from;
      runs.push(isReflected ? { dy: ry - y, x: rx - x + 1, length } : { dy: y - ry, x: from - rx, length });
    }
  }
  runs.sort((a, b) => a.length - b.length);
  return {
    dy: Int32Array.from(runs, (run) => run.dy),
    x: Int32Array.from(runs, (run) => run.x),
    length: Int32Array.from(runs, (run) => run.length),
  };
}

/** Checks an element; `caller` begins the messages. */
export function checkElement(caller: string, element: StructuringElement): void {
  const refuse = (what: string): never => {
    throw new DomainError(`${caller}: ${what}`);
  };
  const isOdd = (n: number): boolean => Number.isInteger(n) && n >= 1 && n % 2 === 1;
  switch (element.shape) {
    case "disk":
      if (!(element.radiusPx >= 0 && element.radiusPx < 1e4))
        refuse(`radiusPx must be at least 0, got ${element.radiusPx}`);
      return;
    case "square":
    case "diamond":
      if (!(Number.isInteger(element.radiusPx) && element.radiusPx >= 0)) {
        refuse(`radiusPx of a ${element.shape} must be a whole number of at least 0, got ${element.radiusPx}`);
      }
      return;
    case "rectangle":
      if (!isOdd(element.widthPx) || !isOdd(element.heightPx)) {
        refuse(`widthPx and heightPx must be odd, got ${element.widthPx} × ${element.heightPx}`);
      }
      return;
    case "line":
      if (!isOdd(element.lengthPx)) refuse(`lengthPx must be odd, got ${element.lengthPx}`);
      if (!Number.isFinite(element.angleDeg)) refuse(`angleDeg must be finite, got ${element.angleDeg}`);
      return;
    case "mask": {
      const { width, height, channels, data } = element.mask;
      if (!isOdd(width) || !isOdd(height) || channels !== 1) {
        throw new ShapeError(
          `${caller}: the element's mask must have one channel and an odd width and height, got ${width} × ${height} with ${channels}`,
        );
      }
      if (data[(data.length - 1) / 2] === 0) refuse("the element's mask must hold its centre");
      return;
    }
    default:
      refuse(`unknown shape of element "${(element as { shape: string }).shape}"`);
  }
}

/** Half sizes, and whether an offset belongs to the element. */
function describeElement(element: Exclude<StructuringElement, { shape: "mask" }>): {
  readonly rx: number;
  readonly ry: number;
  readonly holds: (dx: number, dy: number) => boolean;
} {
  switch (element.shape) {
    case "square":
      return { rx: element.radiusPx, ry: element.radiusPx, holds: () => true };
    case "rectangle":
      return { rx: (element.widthPx - 1) / 2, ry: (element.heightPx - 1) / 2, holds: () => true };
    case "disk": {
      const r = Math.floor(element.radiusPx);
      const limit = element.radiusPx ** 2;
      return { rx: r, ry: r, holds: (dx, dy) => dx * dx + dy * dy <= limit };
    }
    case "diamond": {
      const r = element.radiusPx;
      return { rx: r, ry: r, holds: (dx, dy) => Math.abs(dx) + Math.abs(dy) <= r };
    }
    case "line": {
      const half = (element.lengthPx - 1) / 2;
      const angle = (element.angleDeg * Math.PI) / 180;
      const [c, s] = [Math.cos(angle), -Math.sin(angle)]; // y down
      const isFlat = Math.abs(c) >= Math.abs(s) - 1e-12;
      const slope = isFlat ? s / c : c / s;
      // Steps of one pixel along the steeper axis; the sign of half steps is kept symmetric about the centre.
      const across = (t: number): number => Math.sign(t) * Math.round(Math.abs(t) * slope);
      const reach = Math.abs(across(half));
      return isFlat
        ? { rx: half, ry: reach, holds: (dx, dy) => Math.abs(dx) <= half && dy === across(dx) }
        : { rx: reach, ry: half, holds: (dx, dy) => Math.abs(dy) <= half && dx === across(dy) };
    }
  }
}
