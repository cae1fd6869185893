import { DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";

/** Checks that labels have one channel and their size. */
export function requireLabels(caller: string, labels: Raster): void {
  if (labels.channels !== 1 || labels.data.length !== labels.width * labels.height) {
    throw new ShapeError(
      `${caller}: labels must have one channel and ${labels.width} × ${labels.height} values, got ${labels.channels} and ${labels.data.length}`,
    );
  }
}

/** Checks that an image belongs to a label map. */
export function requireSameSize(caller: string, labels: Raster, image: Raster): void {
  if (image.width === labels.width && image.height === labels.height) return;
  throw new ShapeError(
    `${caller}: the image is ${image.width} × ${image.height}, the labels ${labels.width} × ${labels.height}; both must show the same field`,
  );
}

/**
 * Largest label. Tables of regions have a row per number up to it, so numbers far above the number of pixels are refused.
 *
 * @throws DomainError for labels that are no numbering
 */
export function largestLabel(caller: string, labels: LabelMap): number {
  let n = 0;
  for (const label of labels.data) if (label > n) n = label;
  if (n > MOST_UNUSED + labels.data.length) {
    throw new DomainError(
      `${caller}: the largest label is ${n} in ${labels.data.length} pixels; number them 1 … n with relabelSequentially first`,
    );
  }
  return n;
}

const MOST_UNUSED = 1_000_000;

/** The map that a table of new numbers (index: old label) makes. */
export function mapLabels(labels: LabelMap, numbers: Uint32Array): LabelMap {
  const data = new Uint32Array(labels.data.length);
  for (let i = 0; i < data.length; i++) data[i] = numbers[labels.data[i]!]!; // numbers has an entry per label
  return { ...labels, data };
}
