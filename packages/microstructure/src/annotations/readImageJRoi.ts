import { FormatError } from "@materiome/core";
import type { AnnotationLine, AnnotationPolygon } from "./annotation.ts";
import { ellipseRing } from "./ellipseRing.ts";
import { CLOSE, LINE_TO, MOVE_TO, ROI, ROI_TYPES, SUB_PIXEL } from "./roiFormat.ts";

/** A region of interest of ImageJ, coordinates as in `Annotation`. */
export interface ImageJRoi {
  readonly name: string;
  /** ImageJ's word, such as "polygon", "traced", "composite". */
  readonly kind: string;
  readonly polygons: readonly AnnotationPolygon[];
  readonly lines: readonly AnnotationLine[];
}

/**
 * Reads one ROI of ImageJ: polygon, freehand, traced, rectangle, oval, composite (straight edges), line, polyline, freeline. Ovals
 * become polygons within 0.02 px. A whole coordinate of a line means the centre of that pixel, of an area its outer corner, as
 * ImageJ draws them. Points, angles and text give neither polygons nor lines.
 *
 * @param name - used where the file holds none
 * @throws FormatError for bytes that are no ROI or are cut short, rounded rectangles, and composites with curves
 * @see `ROI` in roiFormat.ts for the layout
 * @example
 * const { polygons } = readImageJRoi(await readFile("grain.roi"), "grain");
 */
export function readImageJRoi(bytes: Uint8Array, name = ""): ImageJRoi {
  const where = name === "" ? "ImageJ ROI" : `ImageJ ROI "${name}"`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < ROI.points || view.getUint32(0) !== IOUT) {
    throw new FormatError(
      `${where}: the file does not begin with "Iout" and a header of 64 bytes; it is no ROI of ImageJ`,
    );
  }
  try {
    return { name: nameOf(view) ?? name, ...shapeOf(view, where) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new FormatError(`${where}: the file is cut short (${bytes.length} bytes)`, { cause });
  }
}

const IOUT = 0x496f7574;

function shapeOf(view: DataView, where: string): Omit<ImageJRoi, "name"> {
  const type = view.getUint8(ROI.type);
  const kind = ROI_TYPES[type];
  if (kind === undefined) throw new FormatError(`${where}: there is no type ${type}`);
  const nShapeFloats = view.getInt32(ROI.nShapeFloats);
  if (nShapeFloats > 0) return { kind: "composite", polygons: compositeOf(view, nShapeFloats, where), lines: [] };
  const isSubPixel = (view.getUint16(ROI.options) & SUB_PIXEL) !== 0 && view.getUint16(ROI.version) >= 222;
  const widthPx = Math.max(1, view.getUint16(ROI.strokeWidth));
  const area = (ring: Float64Array): Omit<ImageJRoi, "name"> => ({ kind, polygons: [{ rings: [ring] }], lines: [] });
  const line = (points: Float64Array): Omit<ImageJRoi, "name"> => ({
    kind,
    polygons: [],
    lines: [{ points, widthPx }],
  });
  switch (kind) {
    case "rectangle":
    case "oval": {
      const box = isSubPixel ? floatsOf(view) : boxOf(view);
      const [x, y, width, height] = box;
      if (!(width > 0 && height > 0))
        throw new FormatError(`${where}: the ${kind} is ${width} × ${height}, it has no area`);
      if (kind === "oval") return area(ellipseRing(x + width / 2, y + height / 2, width / 2, height / 2));
      if (view.getUint16(ROI.arc) > 0)
        throw new FormatError(`${where}: rounded rectangles are not read; draw a polygon`);
      return area(Float64Array.of(x, y, x + width, y, x + width, y + height, x, y + height));
    }
    case "line": {
      const ends = Float64Array.from(floatsOf(view));
      return line(isSubPixel ? ends : ends.map((c) => c + 0.5));
    }
    case "polyline":
    case "freeline": {
      const points = pointsOf(view, isSubPixel);
      if (points.length < 4) throw new FormatError(`${where}: a ${kind} needs 2 points, got ${points.length / 2}`);
      return line(isSubPixel ? points : points.map((c) => c + 0.5));
    }
    case "polygon":
    case "freehand":
    case "traced": {
      const points = pointsOf(view, isSubPixel);
      if (points.length < 6) throw new FormatError(`${where}: a ${kind} needs 3 points, got ${points.length / 2}`);
      return area(points);
    }
    default:
      return { kind, polygons: [], lines: [] };
  }
}

/** Two bytes as ImageJ reads them: from −5000 on up to 60535. */
function short(view: DataView, at: number): number {
  const n = view.getInt16(at);
  return n < -5000 ? n + 65536 : n;
}

function boxOf(view: DataView): [number, number, number, number] {
  const [top, left, bottom, right] = [ROI.top, ROI.left, ROI.bottom, ROI.right].map((at) => short(view, at)) as [
    number,
    number,
    number,
    number,
  ];
  return [left, top, right - left, bottom - top];
}

function floatsOf(view: DataView): [number, number, number, number] {
  return [0, 4, 8, 12].map((k) => view.getFloat32(ROI.floats + k)) as [number, number, number, number];
}

function pointsOf(view: DataView, isSubPixel: boolean): Float64Array {
  const short16 = view.getUint16(ROI.nPoints);
  const n = short16 === 0 ? view.getInt32(ROI.floats) : short16;
  if (!(n >= 0 && ROI.points + 4 * n <= view.byteLength)) throw new RangeError("points");
  const points = new Float64Array(2 * n);
  const [left, top] = boxOf(view);
  for (let k = 0; k < n; k++) {
    if (isSubPixel) {
      points[2 * k] = view.getFloat32(ROI.points + 4 * n + 4 * k);
      points[2 * k + 1] = view.getFloat32(ROI.points + 8 * n + 4 * k);
    } else {
      points[2 * k] = left + short(view, ROI.points + 2 * k);
      points[2 * k + 1] = top + short(view, ROI.points + 2 * n + 2 * k);
    }
  }
  return points;
}

function compositeOf(view: DataView, nFloats: number, where: string): AnnotationPolygon[] {
  const rings: number[][] = [];
  let at = ROI.points;
  const end = ROI.points + 4 * nFloats;
  const next = (): number => {
    at += 4;
    return view.getFloat32(at - 4);
  };
  while (at < end) {
    const kind = next();
    if (kind === CLOSE) continue;
    if (kind !== MOVE_TO && kind !== LINE_TO) {
      throw new FormatError(`${where}: the composite has curves, which are not read; convert it to polygons in ImageJ`);
    }
    const point = [next(), next()];
    if (kind === MOVE_TO) rings.push(point);
    else if (rings.length > 0)
      rings.at(-1)!.push(...point); // not empty
    else throw new FormatError(`${where}: the composite does not begin with a point`);
  }
  const closed = rings.map((ring) => {
    const n = ring.length;
    const repeats = n > 2 && ring[0] === ring[n - 2] && ring[1] === ring[n - 1];
    return Float64Array.from(repeats ? ring.slice(0, n - 2) : ring);
  });
  if (closed.length === 0 || closed.some((ring) => ring.length < 6)) {
    throw new FormatError(`${where}: the composite has a part without area`);
  }
  // ImageJ fills composites by winding; rings that do not cross and alternate in sense are the same by even–odd.
  return [{ rings: closed }];
}

function nameOf(view: DataView): string | undefined {
  const header2 = view.getInt32(ROI.header2);
  if (header2 <= 0 || header2 + ROI.nameLength + 4 > view.byteLength) return undefined;
  const at = view.getInt32(header2 + ROI.nameAt);
  const length = view.getInt32(header2 + ROI.nameLength);
  if (at <= 0 || length <= 0 || at + 2 * length > view.byteLength) return undefined;
  let name = "";
  for (let k = 0; k < length; k++) name += String.fromCharCode(view.getUint16(at + 2 * k));
  return name;
}
