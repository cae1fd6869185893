import { basename } from "node:path";
import { type DigitizeSummary, type ImageSummary, isGrainImage, thumbnailJpeg } from "@materiome/microstructure";
import { figures } from "../terminal/figures.ts";
import { versions } from "../version.ts";
import { fixed, short } from "./cells.ts";
import { escapeHtml } from "./escape.ts";
import { caption, fieldSection, found } from "./fieldTables.ts";
import { methodSection } from "./methodSection.ts";
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
