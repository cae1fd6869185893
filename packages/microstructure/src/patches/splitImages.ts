import { DataError, type LabelMap, type Random } from "@materiome/core";
import type { Region } from "../pixels/featureWindow.ts";
import type { TrainingImage } from "../pixels/trainPixelClassifier.ts";

/** An image, or a part of one that is held out. */
export interface ImagePart {
  /** Index of the image. */
  readonly image: number;
  readonly region: Region;
}

export interface ImageSplit {
  /** Whole images are held out, or of every image a band. */
  readonly kind: "images" | "bands";
  readonly train: readonly ImagePart[];
  /** Chooses the epoch. */
  readonly validation: readonly ImagePart[];
  /** Only scored; none where too few images are there. */
  readonly test: readonly ImagePart[];
}

const WHO = "trainSegmenter";
/** Of the groups, for each of validation and test; at least one. */
const SHARE = 0.2;
/** Of an image whose band is held out. */
const BAND = 0.25;
const DRAWS = 200;

/**
 * Parts of images to learn from, to choose the epoch by, and to score. Whole groups are held out, drawn so that every class can be learned
 * and, as far as can be, is held out too; of one or two groups a quarter of every image, and nothing is left to score.
 *
 * @param asked - indices of images; where only `validation` is given, nothing is held out to score
 * @throws DataError where a class has labels only in what is held out, or only a part of a group is asked for
 */
export function splitImages(
  images: readonly TrainingImage[],
  classes: readonly string[],
  asked: { readonly validation?: readonly number[] | undefined; readonly test?: readonly number[] | undefined },
  random: Random,
): ImageSplit {
  const counts = images.map(({ labels }) => countClasses(labels, classes.length));
  const test = asked.test ?? [];
  requireWholeGroups(images, [test, asked.validation ?? []]);
  const rest = images.map((_, k) => k).filter((k) => !test.includes(k));
  if (asked.validation !== undefined) {
    const chosen = asked.validation;
    const train = rest.filter((k) => !chosen.includes(k));
    requireClasses(classes, sumOf(train, counts), "the images that are not held out");
    return {
      kind: "images",
      train: whole(images, train),
      validation: whole(images, chosen),
      test: whole(images, test),
    };
  }
  const groups = groupsOf(images, rest);
  if (groups.length < 3) {
    requireClasses(classes, sumOf(rest, counts), "the images that are not held out");
    return { ...splitBands(images, rest, classes), test: whole(images, test) };
  }
  const nTest = asked.test === undefined ? Math.max(1, Math.round(SHARE * groups.length)) : 0;
  const drawn = drawGroups(groups, counts, nTest, random);
  requireClasses(classes, sumOf(drawn.train, counts), "what is left to learn from, however images are held out");
  return {
    kind: "images",
    train: whole(images, drawn.train),
    validation: whole(images, drawn.validation),
    test: whole(images, asked.test ?? drawn.test),
  };
}

/** Images of a group are much alike: with some of them learned from, the scores of the others would be too good. */
function requireWholeGroups(images: readonly TrainingImage[], held: readonly (readonly number[])[]): void {
  for (const part of held) {
    for (const k of part) {
      const { group, name } = images[k] as TrainingImage; // an index of images
      if (group === undefined) continue;
      const left = images.filter((image, j) => image.group === group && !part.includes(j));
      if (left.length === 0) continue;
      throw new DataError(
        `${WHO}: ${name ?? `image ${k + 1}`} is held out, but not ${left.length === 1 ? (left[0]?.name ?? "another image") : `${left.length} other images`} of the same group (${group}); hold out whole groups for one purpose, or give no groups`,
      );
    }
  }
}

function groupsOf(images: readonly TrainingImage[], among: readonly number[]): readonly number[][] {
  const groups = new Map<string, number[]>();
  for (const k of among) {
    const name = images[k]?.group ?? `image ${k}`;
    groups.set(name, [...(groups.get(name) ?? []), k]);
  }
  return [...groups.values()];
}

interface Drawn {
  readonly train: number[];
  readonly validation: number[];
  readonly test: number[];
}

/** Of many draws the first in which most classes are learned, then held out. */
function drawGroups(
  groups: readonly number[][],
  counts: readonly Float64Array[],
  nTest: number,
  random: Random,
): Drawn {
  const nValidation = Math.max(1, Math.round(SHARE * groups.length));
  const covered = (part: readonly number[]): number => sumOf(part, counts).filter((n) => n > 0).length;
  let best: Drawn = { train: [], validation: [], test: [] };
  let most = -1;
  for (let draw = 0; draw < DRAWS; draw++) {
    const order = shuffled(groups, random);
    const test = order.slice(0, nTest).flat();
    const validation = order.slice(nTest, nTest + nValidation).flat();
    const train = order.slice(nTest + nValidation).flat();
    const found = 1000 * covered(train) + covered(validation) + covered(test);
    if (found <= most) continue;
    most = found;
    best = { train, validation, test };
  }
  const ascending = (part: number[]): number[] => part.sort((a, b) => a - b);
  return { train: ascending(best.train), validation: ascending(best.validation), test: ascending(best.test) };
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [out[i], out[j]] = [out[j] as T, out[i] as T]; // i, j < length
  }
  return out;
}

/** A quarter of each image, along the border in which all classes are best shared out. */
function splitBands(
  images: readonly TrainingImage[],
  chosen: readonly number[],
  classes: readonly string[],
): Pick<ImageSplit, "kind" | "train" | "validation"> {
  const train: ImagePart[] = [];
  const validation: ImagePart[] = [];
  for (const image of chosen) {
    const { labels } = images[image] as TrainingImage; // an index of images
    const all = countClasses(labels, classes.length);
    let best: { readonly band: Region; readonly rest: Region } | undefined;
    let least = Infinity;
    for (const cut of bandsOf(labels)) {
      const held = countClasses(labels, classes.length, cut.band);
      const nHeld = held.reduce((a, b) => a + b, 0);
      if (nHeld === 0) continue;
      // A class that is in one part only is far from shared out; most of all one that could not be learned.
      const off = held.reduce((sum, n, c) => {
        const total = all[c]!; // one per class
        if (total === 0) return sum;
        return sum + Math.abs(n / total - BAND) + (n === 0 ? 10 : 0) + (n === total ? 1000 : 0);
      }, 0);
      if (off >= least) continue;
      least = off;
      best = cut;
    }
    if (best === undefined || least >= 1000) {
      train.push({ image, region: { x: 0, y: 0, width: labels.width, height: labels.height } });
      continue;
    }
    train.push({ image, region: best.rest });
    validation.push({ image, region: best.band });
  }
  if (validation.length > 0) return { kind: "bands", train, validation };
  throw new DataError(
    `${WHO}: no quarter of the ${chosen.length === 1 ? "image" : "images"} can be held out to choose the epoch by: each either has no labels or all those of a class; label every class in several places, or further images, or train a forest`,
  );
}

/** Upper, lower, left and right quarter, each with the rest. */
function bandsOf({ width, height }: LabelMap): { readonly band: Region; readonly rest: Region }[] {
  const rows = Math.round(BAND * height);
  const columns = Math.round(BAND * width);
  const row = (y: number, n: number): Region => ({ x: 0, y, width, height: n });
  const column = (x: number, n: number): Region => ({ x, y: 0, width: n, height });
  return [
    { band: row(height - rows, rows), rest: row(0, height - rows) },
    { band: row(0, rows), rest: row(rows, height - rows) },
    { band: column(width - columns, columns), rest: column(0, width - columns) },
    { band: column(0, columns), rest: column(columns, width - columns) },
  ].filter(({ band }) => band.width > 0 && band.height > 0);
}

export function countClasses({ data, width, height }: LabelMap, nClasses: number, region?: Region): Float64Array {
  const { x, y, width: w, height: h } = region ?? { x: 0, y: 0, width, height };
  const counts = new Float64Array(nClasses);
  for (let row = y; row < y + h; row++) {
    for (let i = row * width + x; i < row * width + x + w; i++) {
      const label = data[i]!; // inside
      if (label > 0) counts[label - 1]! += 1; // at most nClasses, checked before
    }
  }
  return counts;
}

function sumOf(part: readonly number[], counts: readonly Float64Array[]): number[] {
  const first = counts[0]?.length ?? 0;
  return Array.from({ length: first }, (_, c) => part.reduce((sum, k) => sum + (counts[k]?.[c] ?? 0), 0));
}

function requireClasses(classes: readonly string[], counts: readonly number[], where: string): void {
  const missing = classes.filter((_, c) => !((counts[c] ?? 0) > 0));
  if (missing.length === 0) return;
  throw new DataError(
    `${WHO}: no pixel of ${missing.join(", ")} is labelled in ${where}; name other images to hold out, or label ${missing.length === 1 ? "it" : "them"} in further images`,
  );
}

function whole(images: readonly TrainingImage[], indices: readonly number[]): ImagePart[] {
  return indices.map((image) => {
    const { width, height } = (images[image] as TrainingImage).labels; // an index of images
    return { image, region: { x: 0, y: 0, width, height } };
  });
}
