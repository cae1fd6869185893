import { DataError, type Random, type Raster } from "@materiome/core";
import { distanceTransformSquared } from "../kernels/index.ts";
import type { ResolvedStep } from "./augmentation.ts";
import type { LabelledImage } from "./checkPatchSource.ts";
import { cutDefects, type Defect } from "./defect.ts";
import { pasteDefect } from "./pasteDefect.ts";
import { IGNORED_CODE, type Patch } from "./patch.ts";
import { drawFrom } from "./range.ts";

/** A region of a class that can be put elsewhere. */
interface Instance {
  readonly defect: Defect;
  readonly code: number;
  /** Class around it, onto which alone it is put. */
  readonly onto: number;
  /** From the middle of its picture to its farthest pixel, px. */
  readonly radiusPx: number;
}

/** Regions of classes of which there are few pixels. */
export interface InstancePool {
  draw(random: Random): Instance;
}

/** What must be seen of the class around a region, for its grey to be matched: pixels 2 … 4 px away, the least number, and their share there. */
const AROUND = { from: 2, to: 4, leastPx: 48, leastShare: 0.6 };

/** Between a region and the next class, where grey is compared: with `AROUND`, of any scale more pixels than `pasteDefect` needs. */
const CLEARANCE_PX = 3;

/**
 * Collects the regions of all classes but the commonest that do not touch the border of their image, are small beside a patch, and lie in one other
 * class. A class is drawn with weight 1 / (its pixels), then any of its regions.
 *
 * @throws DataError where there are none
 */
export function instancePool(
  who: string,
  images: readonly LabelledImage[],
  pixelsOf: Float64Array,
  patchPx: number,
  ignoredCode: number,
): InstancePool {
  const commonest = pixelsOf.indexOf(Math.max(...pixelsOf));
  const classes = Array.from(pixelsOf, (nPixels, code) => ({
    weight: nPixels > 0 ? 1 / nPixels : 0,
    instances:
      code === commonest || nPixels === 0
        ? []
        : images.flatMap((image) => instancesOf(image, code, patchPx, ignoredCode)),
  })).filter(({ instances }) => instances.length > 0);
  if (classes.length === 0) {
    throw new DataError(
      `${who}: composite puts regions of rarer classes elsewhere, but none of the images has one that lies within another class, off the border and less than half a patch (${patchPx} px) wide; leave composite out`,
    );
  }
  const total = classes.reduce((sum, { weight }) => sum + weight, 0);
  return {
    draw(random) {
      const at = random.next() * total;
      let sum = 0;
      const chosen =
        classes.find(({ weight }) => {
          sum += weight;
          return sum > at;
        }) ?? classes[0]!; // not empty
      return chosen.instances[random.int(chosen.instances.length)]!; // not empty
    },
  };
}

/**
 * Puts regions of rarer classes where only the class that lay around them is seen, each turned, scaled and matched in grey (`pasteDefect`); those for which there is no
 * room are left out.
 */
export function compositeDefects(
  patch: Patch,
  pool: InstancePool,
  random: Random,
  { count, scale, angleDeg }: ResolvedStep<"composite">,
): Patch {
  const { width } = patch.image;
  const n = Math.round(drawFrom(count, random));
  let result = patch;
  for (let k = 0; k < n; k++) {
    const stream = random.fork(k);
    const { defect, code, onto, radiusPx } = pool.draw(stream);
    const factor = drawFrom(scale, stream, true);
    const places = placesOf(result.codes, onto, radiusPx * factor + CLEARANCE_PX);
    const angle = drawFrom(angleDeg, stream);
    if (places.length === 0) continue;
    const at = places[stream.int(places.length)]!; // below length
    result = pasteDefect(result, defect, {
      centreX: at % width,
      centreY: Math.floor(at / width),
      code,
      angleDeg: angle,
      scale: factor,
      onto,
    });
  }
  return result;
}

/** Pixels around which a circle shows one class only, and lies in the patch. */
function placesOf({ data, width, height }: Raster<Uint8Array>, onto: number, radiusPx: number): number[] {
  const other = data.map((code) => (code === onto ? 0 : 1));
  const squared = new Float32Array(data.length);
  distanceTransformSquared(width, height, other, squared);
  const places: number[] = [];
  const from = Math.ceil(radiusPx);
  for (let y = from; y < height - from; y++) {
    for (let i = y * width + from; i < (y + 1) * width - from; i++) {
      if (squared[i]! > radiusPx * radiusPx) places.push(i); // inside
    }
  }
  return places;
}

function instancesOf({ image, codes }: LabelledImage, code: number, patchPx: number, ignoredCode: number): Instance[] {
  const known =
    ignoredCode === IGNORED_CODE ? codes : { ...codes, data: codes.data.map((c) => unless(ignoredCode, c)) };
  const pictures = cutDefects({ image, codes: known }, code);
  // The same cut of the codes says which classes lie around.
  const classesAround = cutDefects(
    { image: { ...known, data: Float32Array.from(known.data, (c) => c / IGNORED_CODE) }, codes: known },
    code,
  );
  return pictures.flatMap((defect, k) => {
    const around = Uint8Array.from(classesAround[k]!.image.data, (c) => Math.round(c * IGNORED_CODE)); // as many
    const onto = classAround(defect, around);
    if (onto === undefined) return [];
    const { width, height, data } = defect.mask;
    const mask = data.map((role, i) => (role === 0 && around[i] !== onto ? IGNORED_CODE : role));
    let radiusPx = 0;
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] !== 1) continue;
      const [dx, dy] = [(i % width) - (width - 1) / 2, Math.floor(i / width) - (height - 1) / 2];
      radiusPx = Math.max(radiusPx, Math.hypot(dx, dy));
    }
    if (4 * radiusPx > patchPx) return [];
    return [{ defect: { ...defect, mask: { ...defect.mask, data: mask } }, code, onto, radiusPx }];
  });
}

/** The class that most of the near surroundings show; undefined where too little of them shows one. */
function classAround({ mask }: Defect, around: Uint8Array): number | undefined {
  const squared = new Float32Array(around.length);
  distanceTransformSquared(
    mask.width,
    mask.height,
    mask.data.map((role) => (role === 1 ? 1 : 0)),
    squared,
  );
  const counts = new Float64Array(IGNORED_CODE + 1);
  let near = 0;
  for (let i = 0; i < around.length; i++) {
    const d = Math.sqrt(squared[i]!); // one size
    if (d <= AROUND.from || d > AROUND.to) continue;
    near++;
    if (mask.data[i] === 0) counts[around[i]!]! += 1; // one per code
  }
  const most = Math.max(...counts);
  return most >= AROUND.leastPx && most >= AROUND.leastShare * near ? counts.indexOf(most) : undefined;
}

const unless = (ignored: number, code: number): number => (code === ignored ? IGNORED_CODE : code);
