import { FormatError } from "@materiome/core";
import type { AnnotationPolygon } from "./annotation.ts";
import { CLOSE, LINE_TO, MOVE_TO, ROI, ROI_TYPES, ROI_VERSION, SUB_PIXEL } from "./roiFormat.ts";

/**
 * Polygons as one ROI of ImageJ: a single ring as `traced` where all coordinates are whole and as `polygon` with sub-pixel
 * coordinates (single precision) where they are not; several rings as a composite, which ImageJ fills with the holes left out.
 *
 * @throws FormatError for nothing to write, or coordinates that the format cannot hold
 * @example
 * await writeFileAtomic("grain.roi", encodeImageJRoi("grain 7", annotation.polygons));
 */
export function encodeImageJRoi(name: string, polygons: readonly AnnotationPolygon[]): Uint8Array {
  const rings = polygons.flatMap((polygon) => polygon.rings);
  const [first] = rings;
  if (first === undefined) throw new FormatError(`encodeImageJRoi: "${name}" has no outline`);
  const isWhole = rings.every((ring) => ring.every(Number.isInteger));
  const box = boundsOf(rings, name);
  const isComposite = rings.length > 1;
  const n = first.length / 2;
  if (!isComposite && n > 65_535) {
    throw new FormatError(`encodeImageJRoi: "${name}" has ${n} points, an ROI holds 65535; simplify it (tolerancePx)`);
  }
  const nFloats = isComposite ? rings.reduce((sum, ring) => sum + (ring.length / 2) * 3 + 1, 0) : 0;
  const body = isComposite ? 4 * nFloats : isWhole ? 4 * n : 12 * n;
  const header2 = ROI.points + body;
  const nameAt = header2 + ROI.header2Size;
  const bytes = new Uint8Array(nameAt + 2 * name.length);
  const view = new DataView(bytes.buffer);
  for (const [k, letter] of [..."Iout"].entries()) view.setUint8(k, letter.charCodeAt(0));
  view.setUint16(ROI.version, ROI_VERSION);
  view.setUint8(ROI.type, ROI_TYPES.indexOf(isComposite ? "rectangle" : isWhole ? "traced" : "polygon"));
  for (const [at, value] of [
    [ROI.top, box.minY],
    [ROI.left, box.minX],
    [ROI.bottom, box.maxY],
    [ROI.right, box.maxX],
  ] as const) {
    view.setInt16(at, value);
  }
  if (isComposite) {
    view.setInt32(ROI.nShapeFloats, nFloats);
    writeComposite(view, rings);
  } else {
    view.setUint16(ROI.nPoints, n);
    if (!isWhole) view.setUint16(ROI.options, SUB_PIXEL);
    writePoints(view, first, box.minX, box.minY, isWhole);
  }
  view.setInt32(ROI.header2, header2);
  view.setInt32(header2 + ROI.nameAt, nameAt);
  view.setInt32(header2 + ROI.nameLength, name.length);
  for (let k = 0; k < name.length; k++) view.setUint16(nameAt + 2 * k, name.charCodeAt(k));
  return bytes;
}

function writePoints(view: DataView, ring: Float64Array, left: number, top: number, isWhole: boolean): void {
  const n = ring.length / 2;
  for (let k = 0; k < n; k++) {
    const [x, y] = [ring[2 * k]!, ring[2 * k + 1]!]; // k < n
    view.setInt16(ROI.points + 2 * k, Math.floor(x) - left);
    view.setInt16(ROI.points + 2 * n + 2 * k, Math.floor(y) - top);
    if (isWhole) continue;
    view.setFloat32(ROI.points + 4 * n + 4 * k, x);
    view.setFloat32(ROI.points + 8 * n + 4 * k, y);
  }
}

function writeComposite(view: DataView, rings: readonly Float64Array[]): void {
  let at: number = ROI.points;
  const put = (value: number): void => {
    view.setFloat32(at, value);
    at += 4;
  };
  for (const ring of rings) {
    for (let k = 0; k < ring.length; k += 2) {
      put(k === 0 ? MOVE_TO : LINE_TO);
      put(ring[k]!); // k + 1 < length
      put(ring[k + 1]!);
    }
    put(CLOSE);
  }
}

function boundsOf(
  rings: readonly Float64Array[],
  name: string,
): { minX: number; maxX: number; minY: number; maxY: number } {
  const box = { minX: Infinity, maxX: -Infinity, minY: Infinity, maxY: -Infinity };
  for (const ring of rings) {
    for (let k = 0; k < ring.length; k += 2) {
      box.minX = Math.min(box.minX, Math.floor(ring[k]!)); // k + 1 < length
      box.maxX = Math.max(box.maxX, Math.ceil(ring[k]!));
      box.minY = Math.min(box.minY, Math.floor(ring[k + 1]!));
      box.maxY = Math.max(box.maxY, Math.ceil(ring[k + 1]!));
    }
  }
  const isHeld = Object.values(box).every((value) => value >= -5000 && value <= 32_767);
  if (isHeld) return box;
  throw new FormatError(
    `encodeImageJRoi: "${name}" reaches from (${box.minX}, ${box.minY}) to (${box.maxX}, ${box.maxY}); ROIs hold −5000 … 32767`,
  );
}
