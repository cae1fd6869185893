/**
 * Layout of ImageJ's `.roi` files (big endian): bytes 0–3 "Iout", 4 version, 6 type, 8 top, 10 left, 12 bottom, 14 right, 16
 * number of points n, 18–33 four floats (ends of a line, box of a rectangle), 36 number of floats of a composite, 48 subtype, 50
 * options, 52 parameter (width of the arc of a rounded rectangle at 54), 60 place of the second header; from 64 n shorts x and n
 * shorts y relative to left and top, then, if the option says so, n floats x and n floats y. The second header holds at 16 and 20 the
 * place and length of the name (2 bytes a letter).
 *
 * @see ij/io/RoiDecoder.java, ij/io/RoiEncoder.java of ImageJ 1.54
 */
export const ROI = {
  version: 4,
  type: 6,
  top: 8,
  left: 10,
  bottom: 12,
  right: 14,
  nPoints: 16,
  floats: 18,
  strokeWidth: 34,
  nShapeFloats: 36,
  subtype: 48,
  options: 50,
  arc: 54,
  header2: 60,
  points: 64,
  nameAt: 16,
  nameLength: 20,
  header2Size: 64,
} as const;

export const ROI_TYPES: readonly string[] = [
  "polygon",
  "rectangle",
  "oval",
  "line",
  "freeline",
  "polyline",
  "none",
  "freehand",
  "traced",
  "angle",
  "point",
];

export const SUB_PIXEL = 128;
export const ROI_VERSION = 228;

/** Segments of a composite: each begins with its kind. */
export const MOVE_TO = 0;
export const LINE_TO = 1;
export const CLOSE = 4;
