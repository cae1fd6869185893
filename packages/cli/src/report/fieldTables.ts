import { basename } from "node:path";
import { type DigitizeSummary, type GrainImage, type ImageSummary, isGrainImage } from "@materiome/microstructure";
import { figures } from "../terminal/figures.ts";
import { fixed, short } from "./cells.ts";
import { escapeHtml } from "./escape.ts";
import { type Html, html, section, table } from "./page.ts";

/** What was found on each image, one table for each kind. */
export function fieldSection({ images }: DigitizeSummary): Html {
  const grains = images.filter(isGrainImage);
  const bodies = images.filter((image): image is BodyImage => image.kind === "particles" || image.kind === "pores");
  const layered = images.filter((image): image is LayersImage => image.kind === "layers");
  const parts: Html[] = [];
  if (grains.length > 0) parts.push(grainTable(grains));
  if (bodies.length > 0) parts.push(bodyTable(bodies));
  if (layered.length > 0) parts.push(layerTable(layered));
  return section("Fields", ...parts);
}

type BodyImage = Extract<ImageSummary, { kind: "particles" | "pores" }>;
type LayersImage = Extract<ImageSummary, { kind: "layers" }>;

function fileCell({ file, warnings }: ImageSummary): Html {
  const doubt = warnings.find((text) => text.startsWith("do not use"));
  const mark = doubt === undefined ? "" : `<br><b class="doubt" title="${escapeHtml(doubt)}">doubtful, see below</b>`;
  return html(`<span title="${escapeHtml(file)}">${escapeHtml(basename(file))}</span>${mark}`);
}

function calibrationCell(image: ImageSummary): string {
  return image.pixelSizeUm === null
    ? "not calibrated"
    : `${figures(image.pixelSizeUm)} µm (${image.calibrationSource ?? ""})`;
}

function grainTable(images: readonly GrainImage[]): Html {
  return table(
    [
      "image",
      "specimen",
      "pixel size",
      "grains",
      "mean intercept",
      "independent intercepts",
      "G intercept",
      "G planimetric",
      "anisotropy",
    ],
    images.map((image) => [
      fileCell(image),
      image.specimen ?? "–",
      calibrationCell(image),
      String(image.nGrains),
      intercept(image),
      String(image.grainSizeNumber.intercept.nIndependent),
      fixed(image.grainSizeNumber.intercept.G),
      fixed(image.grainSizeNumber.planimetric.G),
      fixed(image.anisotropyIndex),
    ]),
  );
}

function bodyTable(images: readonly BodyImage[]): Html {
  return table(
    ["image", "specimen", "pixel size", "found", "number", "area fraction", "mean diameter", "mean free path"],
    images.map((image) => {
      const isUm = image.pixelSizeUm !== null;
      const unit = isUm ? "µm" : "px";
      const diameter = isUm ? image.equivalentDiameterUm : image.equivalentDiameterPx;
      const path = isUm ? image.meanFreePathUm : image.meanFreePathPx;
      return [
        fileCell(image),
        image.specimen ?? "–",
        calibrationCell(image),
        image.kind,
        String(image.nGrains),
        bodyShares(image),
        diameter === null ? "–" : `${short(diameter.mean)} ${unit}`,
        path === null ? "–" : `${short(path)} ${unit}`,
      ];
    }),
  );
}

/** Area fraction of the bodies, or of each of their phases: all but the first class of a model, which is its matrix. */
function bodyShares({ method, phaseFractions }: BodyImage): string {
  const percents = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;
  if (method !== "model") return percents(phaseFractions[0]?.fraction ?? 0);
  const bodies = phaseFractions.slice(1);
  return bodies.map(({ phase, fraction }) => `${phase} ${percents(fraction)}`).join(", ");
}

function layerTable(images: readonly LayersImage[]): Html {
  return table(
    [
      "image",
      "pixel size",
      "layer",
      "area fraction",
      "mean thickness",
      "least … greatest",
      "roughness Ra (upper, lower)",
      "coverage",
    ],
    images.flatMap((image) =>
      image.layers.map((layer, k) => {
        const lengths = layer.inUm ?? layer.inPx;
        const start = [
          fileCell(image),
          calibrationCell(image),
          String(layer.layer),
          `${(100 * (image.phaseFractions[k]?.fraction ?? 0)).toFixed(1)} %`,
        ];
        if (lengths === null) return [...start, "cut by the border", "–", "–", "–"];
        const unit = layer.inUm === null ? "px" : "µm";
        return [
          ...start,
          `${short(lengths.mean)} ± ${short(lengths.std)} ${unit}`,
          `${short(lengths.min)} … ${short(lengths.max)} ${unit}`,
          `${short(lengths.upperRa)}, ${short(lengths.lowerRa)} ${unit}`,
          `${(100 * (layer.coverage ?? 0)).toFixed(0)} %`,
        ];
      }),
    ),
  );
}

/** What was found on an image, and how. */
export function caption(image: ImageSummary): string {
  if (image.kind !== "grains") return `${image.file}: ${found(image)}. ${image.method}: ${image.methodReason}.`;
  const directions =
    image.pixelSizeUm === null
      ? image.interceptByDirection.map(({ angleDeg, meanPx }) => `${angleDeg}° ${short(meanPx ?? undefined)} px`)
      : image.interceptByDirection.map(({ angleDeg, meanUm }) => `${angleDeg}° ${short(meanUm ?? undefined)} µm`);
  return `${image.file}: ${found(image)} (${directions.join(", ")}). ${image.method}: ${image.methodReason}.`;
}

/** What was found on an image, in a few words. */
export function found(image: ImageSummary): string {
  switch (image.kind) {
    case "grains":
      return `${image.nGrains} grains, ${intercept(image)}`;
    case "particles":
    case "pores":
      return `${image.nGrains} ${image.kind}, ${bodyShares(image)} of the area`;
    case "layers":
      return `${image.nGrains} layers`;
  }
}

function intercept(image: GrainImage): string {
  return image.pixelSizeUm === null ? `${short(image.meanInterceptPx)} px` : `${short(image.meanInterceptUm)} µm`;
}
