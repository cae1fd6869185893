import { createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import { connectedRegions } from "../regions/connectedRegions.ts";
import { checkPatch, IGNORED_CODE, type Patch } from "./patch.ts";

/** A picture of a defect with some of its surroundings, cut out of a micrograph or rendered. */
export interface Defect {
  readonly image: Raster<Float32Array>;
  /** 1 the defect, 0 surroundings that show the matrix, 255 neither. */
  readonly mask: Raster<Uint8Array>;
}

export interface CutDefectsOptions {
  /** Surroundings on each side, px. @defaultValue 8 */
  readonly marginPx?: number | undefined;
  /** Smallest area, px. @defaultValue 9 */
  readonly leastPx?: number | undefined;
}

/**
 * Cuts every connected region of a class out of a labelled image, with its surroundings, to paste it elsewhere (`pasteDefect`). Those that
 * the border of the image cuts are left out: their shape is not known.
 *
 * @throws DomainError for options out of range or grey outside 0 … 1; ShapeError for codes of another size than the image
 * @example
 * const cracks = cutDefects({ image, codes }, 2, { leastPx: 30 });
 */
export function cutDefects(patch: Patch, code: number, options: CutDefectsOptions = {}): Defect[] {
  const { marginPx = 8, leastPx = 9 } = options;
  checkPatch("cutDefects", patch);
  for (const [name, value] of Object.entries({ marginPx, leastPx })) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new DomainError(`cutDefects: ${name} must be a whole number of at least 0, got ${value}`);
  }
  const { image, codes } = patch;
  const { width, height } = codes;
  const mask = { ...codes, data: codes.data.map((value) => (value === code ? 1 : 0)) };
  const { labels, nRegions } = connectedRegions(mask, { connectivity: 8 });
  const boxes = Array.from({ length: nRegions }, () => ({ left: width, right: -1, top: height, bottom: -1, area: 0 }));
  for (const [i, label] of labels.data.entries()) {
    if (label === 0) continue;
    const box = boxes[label - 1]!; // one per region
    const [x, y] = [i % width, Math.floor(i / width)];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
    box.area++;
  }
  return boxes.flatMap(({ left, right, top, bottom, area }, k) => {
    if (area < leastPx || left === 0 || top === 0 || right === width - 1 || bottom === height - 1) return [];
    const window = {
      left: Math.max(0, left - marginPx),
      top: Math.max(0, top - marginPx),
      right: Math.min(width, right + 1 + marginPx),
      bottom: Math.min(height, bottom + 1 + marginPx),
    };
    const roles = crop(codes, window);
    const regions = crop(labels, window);
    for (let i = 0; i < roles.data.length; i++) {
      // Another defect, or what nobody labelled, tells nothing of the matrix.
      const isOther = roles.data[i] === code || roles.data[i] === IGNORED_CODE;
      roles.data[i] = regions.data[i] === k + 1 ? 1 : isOther ? IGNORED_CODE : 0;
    }
    return [{ image: crop(image, window), mask: roles }];
  });
}

/** @throws ShapeError or DomainError naming what is wrong */
export function checkDefect(who: string, { image, mask }: Defect, channels: number): void {
  if (
    image.channels !== channels ||
    mask.channels !== 1 ||
    mask.width !== image.width ||
    mask.height !== image.height
  ) {
    throw new ShapeError(
      `${who}: the defect is ${image.width} × ${image.height} × ${image.channels} with a mask of ${mask.width} × ${mask.height} × ${mask.channels}, expected ${channels} channels as in the image and a mask of its size`,
    );
  }
  if (!mask.data.includes(1)) throw new DomainError(`${who}: the defect's mask has no pixel of 1`);
}

function crop<T extends Float32Array | Uint8Array | Uint32Array>(
  { data, width, channels }: Raster<T>,
  box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
): Raster<T> {
  const length = (box.right - box.left) * channels;
  const out = data.slice(0, length * (box.bottom - box.top)) as T;
  for (let y = box.top, to = 0; y < box.bottom; y++, to += length) {
    const from = (y * width + box.left) * channels;
    out.set(data.subarray(from, from + length), to);
  }
  return createRaster(out, box.right - box.left, box.bottom - box.top, { channels });
}
