import { DomainError, IncompatibleError, type Raster, type Serialized, ShapeError } from "@materiome/core";
import type { GreyStatistics } from "./channelPlanes.ts";
import { isSameScale } from "./isSameScale.ts";
import type { MicrographSegmenter } from "./micrographSegmenter.ts";

/** Several segmenters of the same classes, of whose probabilities the mean is taken. */
export interface SegmenterAverage extends MicrographSegmenter {
  readonly members: readonly MicrographSegmenter[];
  forStatistics(statistics: GreyStatistics): SegmenterAverage;
}

export interface AverageSegmentersOptions {
  /** What messages call the members, such as their files. @defaultValue "member 1", "member 2", … */
  readonly names?: readonly string[] | undefined;
}

export const SEGMENTER_AVERAGE_TYPE = "materiome/segmenter-average";
export const SEGMENTER_AVERAGE_VERSION = 1;

/**
 * One segmenter of several: p_c = (1/M) Σ_m p_mc at every pixel. Members of different kinds (trees on features of pixels, nets), or nets of other
 * seeds, err in different places, so that their mean is mostly better than the best of them; where they disagree the mean is undecided, which
 * `uncertaintyMap` shows. Takes as long as all of them together.
 *
 * @param members - at least two, of the same classes in the same order, for images of the same channels and pixel size (within 5 %); an average may be
 * a member and counts as one. One that knows no pixel size is taken to have that of the others, and the average has that of the first that knows one
 * @throws DomainError for fewer than two, and for one that tells regions apart by a distance: distances of different nets have no common meaning
 * @throws IncompatibleError for other classes, channels or pixel sizes
 * @see L. Breiman, doi:10.1007/BF00117832 (why an average errs less); B. Lakshminarayanan et al., arXiv:1612.01474
 * @example
 * const both = averageSegmenters([trees, net]);
 * const probabilities = await classifyPixels(image, both);
 */
export function averageSegmenters(
  members: readonly MicrographSegmenter[],
  options: AverageSegmentersOptions = {},
): SegmenterAverage {
  const who = "averageSegmenters";
  const nameOf = (k: number): string => options.names?.[k] ?? `member ${k + 1}`;
  const [first] = members;
  if (first === undefined || members.length < 2) {
    throw new DomainError(`${who}: expected at least two members, got ${members.length}`);
  }
  const { classes, channels } = first;
  const pixelSizeUm = members.find((member) => member.pixelSizeUm !== undefined)?.pixelSizeUm;
  const refuse = (k: number, other: number, has: (member: MicrographSegmenter) => string, remedy: string): never => {
    const [found, expected] = [k, other].map((j) => `${nameOf(j)} ${has(members[j]!)}`); // both are members
    throw new IncompatibleError(`${who}: ${found}, ${expected}; ${remedy}`);
  };
  for (const [k, member] of members.entries()) {
    if (member.instances !== undefined) {
      throw new DomainError(
        `${who}: ${nameOf(k)} tells regions apart by a distance, of which no mean can be taken; average models of classes or boundaries`,
      );
    }
    if (member.classes.join("\n") !== classes.join("\n")) {
      refuse(k, 0, (one) => `has the classes ${one.classes.join(", ")}`, "train them with the same names in one order");
    }
    if (member.channels !== channels) {
      refuse(k, 0, (one) => `takes ${one.channels} images`, "train them on the same images");
    }
    const other = members.slice(0, k).findIndex((one) => !isSameScale(one.pixelSizeUm, member.pixelSizeUm));
    if (other >= 0) {
      refuse(k, other, (one) => `learned from pixels of ${one.pixelSizeUm} µm`, "train them on images of one scale");
    }
  }
  return {
    module: import.meta.url,
    members: [...members],
    ...{ classes, channels, pixelSizeUm },
    normalise: members.some(({ normalise }) => normalise === "image") ? "image" : "none",
    halo: Math.max(...members.map(({ halo }) => halo)),
    alignment: members.reduce((common, { alignment = 1 }) => leastCommonMultiple(common, alignment), 1),
    forStatistics: (known) =>
      averageSegmenters(
        members.map((member) => member.forStatistics(known)),
        options,
      ),
    classify: (image, tilePx, { onProgress, ...run }) =>
      meanOf(members, (member, k) =>
        member.classify(image, tilePx, {
          ...run,
          onProgress: ({ stage, done, total }) =>
            onProgress?.({ stage, done: k * total + done, total: members.length * total }),
        }),
      ),
    segmentTile: (tile) => meanOf(members, (member) => member.segmentTile(tile)),
    toJSON: (): Serialized => ({
      type: SEGMENTER_AVERAGE_TYPE,
      version: SEGMENTER_AVERAGE_VERSION,
      params: {},
      state: { members: members.map((member) => ({ ...member.toJSON() })) },
    }),
  };
}

/** One after the other, so that the memory is that of two. */
async function meanOf(
  members: readonly MicrographSegmenter[],
  probabilitiesOf: (member: MicrographSegmenter, k: number) => Promise<Raster<Float32Array>>,
): Promise<Raster<Float32Array>> {
  let mean: Raster<Float32Array> | undefined;
  for (const [k, member] of members.entries()) {
    const found = await probabilitiesOf(member, k);
    if (mean === undefined) mean = { ...found, data: new Float32Array(found.data.length) };
    const { data } = mean;
    if (found.data.length !== data.length) {
      throw new ShapeError(
        `averageSegmenters: member ${k + 1} made ${found.width} × ${found.height} × ${found.channels} of an image of which the first made ${mean.width} × ${mean.height} × ${mean.channels}`,
      );
    }
    for (let i = 0; i < data.length; i++) data[i]! += found.data[i]! / members.length; // i < length of both
  }
  return mean!; // at least two members
}

function leastCommonMultiple(a: number, b: number): number {
  let [greatest, rest] = [a, b];
  while (rest !== 0) [greatest, rest] = [rest, greatest % rest];
  return (a / greatest) * b;
}
