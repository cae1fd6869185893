import { basename } from "node:path";
import {
  type DigitizeSummary,
  type GrainImage,
  type ImageSummary,
  isGrainImage,
  thumbnailJpeg,
} from "@materiome/microstructure";
import { figures } from "../terminal/figures.ts";
import { versions } from "../version.ts";
import { escapeHtml } from "./escape.ts";
import {
  embeddedJpeg,
  figure,
  form,
  gallery,
  type Html,
  html,
  lightbox,
  page,
  paragraph,
  row,
  section,
  table,
  warning,
} from "./page.ts";
import { grainSizePlot, sizeHistogram, wholeGrainDiameters } from "./sizePlots.ts";

/** Overlays over this many stay files beside the report, which would grow too large to mail. */
const MOST_EMBEDDED = 24;
/** Histograms over this many say nothing that the table does not. */
const MOST_HISTOGRAMS = 8;

/** What the lab adds to a report: it cannot be measured. */
export interface LabStatement {
  readonly operator?: string | undefined;
  readonly magnification?: string | undefined;
  /** Deviations from the standard, in the lab's words. */
  readonly deviations?: string | undefined;
  /** Day of the measurement, ISO. */
  readonly date: string;
}

/** The page that `digitize` writes: what a lab signs, specimens, fields, overlays, and all that was skipped or doubtful. */
export async function digitizeReport(
  summary: DigitizeSummary,
  lab: LabStatement,
  readOutput: (name: string) => Promise<Uint8Array>,
): Promise<string> {
  const sections: Html[] = [signedHeader(summary, lab)];
  if (summary.samples.length > 0) sections.push(specimenSection(summary));
  sections.push(measuresSection(summary), fieldSection(summary), await distributionSection(summary, readOutput));
  sections.push(await overlaySection(summary.images, readOutput));
  sections.push(doubtSection(summary), methodSection(summary.images));
  const { materiome, node } = versions();
  return page({
    title: summary.images.every(isGrainImage) ? "Grain size report" : "Microstructure report",
    subtitle: `${summary.images.length} ${summary.images.length === 1 ? "field" : "fields"}, ${summary.skipped.length} skipped`,
    sections,
    footer: `materiome ${materiome}, Node ${node}. Lengths in µm come from the stated calibration of each image.`,
  });
}

function signedHeader({ images, samples }: DigitizeSummary, lab: LabStatement): Html {
  const unique = (values: readonly string[]): string => {
    const different = [...new Set(values)];
    return different.length > 4
      ? `${different.slice(0, 4).join(", ")} and ${different.length - 4} more`
      : different.join(", ");
  };
  const calibrations = images.map((image) =>
    image.pixelSizeUm === null
      ? "none: pixels"
      : `${figures(image.pixelSizeUm)} µm per px (${image.calibrationSource ?? ""})`,
  );
  const stated = images.flatMap(({ magnification }) =>
    magnification === null ? [] : [`×${figures(magnification)} (stated by the instrument)`],
  );
  const standards = samples.length > 0 ? samples.map(({ standard }) => standard) : images.map(standardOf);
  const shortfalls = samples.flatMap(({ specimen, reasons }) => reasons.map((reason) => `${specimen}: ${reason}`));
  const deviations = [...(lab.deviations === undefined ? [] : [lab.deviations]), ...new Set(shortfalls)];
  return form([
    { name: "Specimen", value: unique(images.flatMap(({ specimen }) => (specimen === null ? [] : [specimen]))) },
    { name: "Standard and edition", value: unique(standards) },
    { name: "Magnification", value: lab.magnification ?? unique(stated) },
    { name: "Calibration", value: unique(calibrations) },
    { name: "Etchant", value: "" },
    { name: "Way of segmenting", value: unique(images.map(({ method }) => method)) },
    { name: "Operator", value: lab.operator ?? "" },
    { name: "Date", value: lab.date },
    { name: "Deviations", value: deviations.join("; ") },
    { name: "Signature", value: "" },
  ]);
}

function standardOf({ kind }: ImageSummary): string {
  return kind === "grains" ? "ASTM E112-13" : kind === "layers" ? "no standard" : "ASTM E562-19, E1245-03";
}

async function distributionSection(
  { images, samples }: DigitizeSummary,
  readOutput: (name: string) => Promise<Uint8Array>,
): Promise<Html> {
  const groups =
    samples.length > 0
      ? samples.map(({ specimen }) => ({ name: specimen, of: images.filter((image) => image.specimen === specimen) }))
      : [{ name: "all fields", of: images }];
  const plots: Html[] = [];
  for (const { name, of } of groups.slice(0, MOST_HISTOGRAMS)) {
    const measured = of.filter(({ kind }) => kind !== "layers");
    const tables = measured.map(async ({ outputs }) =>
      wholeGrainDiameters(new TextDecoder().decode(await readOutput(outputs.grains))),
    );
    const sizes = await Promise.all(tables);
    const what = of.every(isGrainImage) ? "grains" : "bodies";
    for (const unit of ["µm", "px"] as const) {
      const diameters = sizes.flatMap((size) => (size.unit === unit ? size.diameters : []));
      if (diameters.length < 5) continue;
      plots.push(figure(sizeHistogram(name, diameters, { unit, what }), `${name}: ${diameters.length} whole ${what}`));
    }
  }
  const grainSize = grainSizePlot({ images, samples });
  if (grainSize !== undefined) plots.unshift(figure(grainSize, "G by lineal intercept"));
  return plots.length === 0 ? html("") : section("Distributions", row(...plots));
}

/** Small pictures of all fields; a click shows the overlay, inside the page for the first ones, else the file beside it. */
async function overlaySection(
  images: readonly ImageSummary[],
  readOutput: (name: string) => Promise<Uint8Array>,
): Promise<Html> {
  if (images.length === 0) return html("");
  const large: Html[] = [];
  const small: Parameters<typeof gallery>[0][number][] = [];
  for (const [k, image] of images.entries()) {
    const overlay = await readOutput(image.outputs.overlay);
    const alternative = `overlay of ${image.file}`;
    const isEmbedded = k < MOST_EMBEDDED;
    if (isEmbedded) {
      large.push(
        lightbox(`overlay-${k + 1}`, embeddedJpeg(await thumbnailJpeg(overlay, 1400), alternative), caption(image)),
      );
    }
    small.push({
      thumbnail: embeddedJpeg(await thumbnailJpeg(overlay, 260), alternative),
      href: isEmbedded ? `#overlay-${k + 1}` : encodeURIComponent(image.outputs.overlay),
      caption: html(`${escapeHtml(basename(image.file))}<br>${escapeHtml(found(image))}`),
    });
  }
  const rest = images.length - MOST_EMBEDDED;
  const note = rest > 0 ? [paragraph(`The overlays of the last ${rest} fields are files beside this page.`)] : [];
  return html(
    `<div id="overlays">${section("Overlays: click one, and look whether the lines lie on the boundaries", gallery(small), ...note).html}</div>${large.map((picture) => picture.html).join("\n")}`,
  );
}

function specimenSection(summary: DigitizeSummary): Html {
  return section(
    "Specimens",
    table(
      [
        "specimen",
        "fields",
        "mean intercept",
        "G",
        "95 % interval of G",
        "relative accuracy",
        "fields needed for 10 %",
        "meets the standard",
      ],
      summary.samples.map((s) => [
        s.specimen,
        String(s.nFields),
        s.meanInterceptUm === undefined
          ? s.meanInterceptPx === undefined
            ? "–"
            : `${short(s.meanInterceptPx)} px`
          : `${short(s.meanInterceptUm)} µm`,
        fixed(s.G.intercept),
        s.G.ciLow === null || s.G.ciHigh === null ? "–" : `${fixed(s.G.ciLow)} … ${fixed(s.G.ciHigh)}`,
        s.G.relativeAccuracyPct === null ? "–" : `${s.G.relativeAccuracyPct.toFixed(1)} %`,
        s.G.fieldsNeeded === null ? "–" : String(s.G.fieldsNeeded),
        s.meetsStandard ? `${s.standard}: yes` : `${s.standard}: no: ${s.reasons.join("; ")}`,
      ]),
    ),
  );
}

/** Every pooled measure with its interval, below the line of G. */
function measuresSection({ samples }: DigitizeSummary): Html {
  const rows = samples.flatMap(({ specimen, measures, phaseFractions }) => [
    ...measures.map((m) => [
      specimen,
      m.name,
      pooledCell(m.mean, m.ciLow, m.ciHigh, unitText(m.unit)),
      percent(m.relativeAccuracyPct),
    ]),
    ...phaseFractions.map((p) => [
      specimen,
      `fraction of ${p.phase}`,
      pooledCell(100 * p.fraction, times100(p.ciLow), times100(p.ciHigh), "%"),
      percent(p.relativeAccuracyPct),
    ]),
  ]);
  if (rows.length === 0) return html("");
  return section("Pooled measures", table(["specimen", "measure", "mean (95 % interval)", "relative accuracy"], rows));
}

function times100(value: number | null): number | null {
  return value === null ? null : 100 * value;
}

function percent(value: number | null): string {
  return value === null ? "–" : `${value.toFixed(1)} %`;
}

function pooledCell(mean: number, low: number | null, high: number | null, unit: string): string {
  const interval = low === null || high === null ? "" : ` (${short(low)} … ${short(high)})`;
  return `${short(mean)}${interval}${unit === "1" ? "" : ` ${unit}`}`;
}

function unitText(unit: string): string {
  return unit.replace("um", "µm").replace("^2", "²");
}

function fieldSection({ images }: DigitizeSummary): Html {
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

function caption(image: ImageSummary): string {
  if (image.kind !== "grains") return `${image.file}: ${found(image)}. ${image.method}: ${image.methodReason}.`;
  const directions =
    image.pixelSizeUm === null
      ? image.interceptByDirection.map(({ angleDeg, meanPx }) => `${angleDeg}° ${short(meanPx ?? undefined)} px`)
      : image.interceptByDirection.map(({ angleDeg, meanUm }) => `${angleDeg}° ${short(meanUm ?? undefined)} µm`);
  return `${image.file}: ${found(image)} (${directions.join(", ")}). ${image.method}: ${image.methodReason}.`;
}

/** What was found on an image, in a few words. */
function found(image: ImageSummary): string {
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

function doubtSection(summary: DigitizeSummary): Html {
  const lines = [
    ...summary.warnings,
    ...summary.skipped.map(({ file, reason }) => `Skipped ${file}: ${reason}`),
    ...summary.unpooled.map(({ specimen, reason }) => `Specimen ${specimen} was not pooled: ${reason}`),
    ...summary.unassigned.map((file) => `The map of samples does not name ${file}: not pooled.`),
    ...summary.images.flatMap(({ file, warnings }) => warnings.map((warning) => `${file}: ${warning}`)),
  ];
  if (lines.length === 0) return html("");
  return section("Doubts", ...lines.map((line) => warning(line)));
}

function methodSection(images: readonly ImageSummary[]): Html {
  const kinds = new Set(images.map(({ kind }) => kind));
  const said: string[] = [];
  if (kinds.has("grains")) {
    said.push(
      "Lineal intercept by ASTM E112-13: total length of the test lines at 0°, 45°, 90° and 135° over the number of intercepts, boundaries having no thickness and islands inside grains being absorbed. Planimetric count by the same standard, grains cut by the border counted as half, at a corner as a quarter. Where twins are not joined, the grain size is that of the twinned structure.",
      "Test lines run along every row of pixels; intercepts are independent on lines one mean intercept apart.",
    );
  }
  if (kinds.has("particles") || kinds.has("pores")) {
    said.push(
      "Area fraction: share of all pixels that belong to bodies, which estimates the volume fraction (ASTM E562-19, E1245-03). Diameter: that of the circle of equal area; bodies cut by the border are left out of its mean. Mean free path by E1245-03: what is left of the test lines between bodies over the number of bodies met.",
    );
  }
  if (kinds.has("layers")) {
    said.push(
      "Thickness of a layer: distance between its two interfaces along every pixel of its mid-line, square to it.",
    );
  }
  said.push("A confidence interval needs several fields of one specimen; a single field gives none.");
  return section("How it was measured", ...said.map((text) => paragraph(text)));
}

function short(value: number | undefined): string {
  return value === undefined ? "–" : figures(Number(value.toPrecision(4)));
}

function fixed(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}
