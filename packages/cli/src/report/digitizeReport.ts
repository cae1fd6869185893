import { basename } from "node:path";
import type { DigitizeSummary, ImageSummary } from "@materiome/microstructure";
import { figures } from "../terminal/figures.ts";
import { versions } from "../version.ts";
import { escapeHtml } from "./escape.ts";
import { embeddedPng, figure, type Html, html, page, paragraph, section, table, warning } from "./page.ts";

/** Overlays over this many stay files beside the report, which would grow too large to mail. */
const MOST_EMBEDDED = 24;

/** The page that `digitize` writes: specimens, fields, overlays, and everything that was skipped or doubtful. */
export async function digitizeReport(
  summary: DigitizeSummary,
  readOutput: (name: string) => Promise<Uint8Array>,
): Promise<string> {
  const sections: Html[] = [];
  if (summary.samples.length > 0) sections.push(specimenSection(summary));
  sections.push(fieldSection(summary));
  const figures = await Promise.all(
    summary.images.slice(0, MOST_EMBEDDED).map(async (image) => {
      const picture = embeddedPng(await readOutput(image.outputs.overlay), `overlay of ${image.file}`);
      return figure(picture, caption(image));
    }),
  );
  sections.push(section("Overlays: look whether the lines lie on the boundaries", ...figures));
  if (summary.images.length > MOST_EMBEDDED) {
    sections.push(paragraph(`The other ${summary.images.length - MOST_EMBEDDED} overlays are files beside this page.`));
  }
  sections.push(doubtSection(summary), methodSection());
  const { materiome, node } = versions();
  return page({
    title: "Grain size report",
    subtitle: `${summary.images.length} fields, ${summary.skipped.length} skipped`,
    sections,
    footer: `materiome ${materiome}, Node ${node}. Lengths in µm come from the stated calibration of each image.`,
  });
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
        "meets ASTM E112",
      ],
      summary.samples.map((s) => [
        s.specimen,
        String(s.nFields),
        s.meanInterceptUm === undefined ? `${short(s.meanInterceptPx)} px` : `${short(s.meanInterceptUm)} µm`,
        fixed(s.G.intercept),
        s.G.ciLow === null || s.G.ciHigh === null ? "–" : `${fixed(s.G.ciLow)} … ${fixed(s.G.ciHigh)}`,
        s.G.relativeAccuracyPct === null ? "–" : `${s.G.relativeAccuracyPct.toFixed(1)} %`,
        s.G.fieldsNeeded === null ? "–" : String(s.G.fieldsNeeded),
        s.meetsStandard ? "yes" : `no: ${s.reasons.join("; ")}`,
      ]),
    ),
  );
}

function fieldSection(summary: DigitizeSummary): Html {
  return section(
    "Fields",
    table(
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
      summary.images.map((image) => [
        html(`<span title="${escapeHtml(image.file)}">${escapeHtml(basename(image.file))}</span>`),
        image.specimen ?? "–",
        image.pixelSizeUm === null
          ? "not calibrated"
          : `${figures(image.pixelSizeUm)} µm (${image.calibrationSource ?? ""})`,
        String(image.nGrains),
        intercept(image),
        String(image.grainSizeNumber.intercept.nIndependent),
        fixed(image.grainSizeNumber.intercept.G),
        fixed(image.grainSizeNumber.planimetric.G),
        fixed(image.anisotropyIndex),
      ]),
    ),
  );
}

function caption(image: ImageSummary): string {
  const directions =
    image.pixelSizeUm === null
      ? image.interceptByDirection.map(({ angleDeg, meanPx }) => `${angleDeg}° ${short(meanPx ?? undefined)} px`)
      : image.interceptByDirection.map(({ angleDeg, meanUm }) => `${angleDeg}° ${short(meanUm ?? undefined)} µm`);
  return `${image.file}: ${image.nGrains} grains, mean intercept ${intercept(image)} (${directions.join(", ")}).`;
}

function intercept(image: ImageSummary): string {
  return image.pixelSizeUm === null ? `${short(image.meanInterceptPx)} px` : `${short(image.meanInterceptUm)} µm`;
}

function doubtSection(summary: DigitizeSummary): Html {
  const lines = [
    ...summary.skipped.map(({ file, reason }) => `Skipped ${file}: ${reason}`),
    ...summary.unpooled.map(({ specimen, reason }) => `Specimen ${specimen} was not pooled: ${reason}`),
    ...summary.unassigned.map((file) => `The map of samples does not name ${file}: not pooled.`),
    ...summary.images.flatMap(({ file, warnings }) => warnings.map((warning) => `${file}: ${warning}`)),
  ];
  if (lines.length === 0) return html("");
  return section("Doubts", ...lines.map((line) => warning(line)));
}

function methodSection(): Html {
  return section(
    "How it was measured",
    paragraph(
      "Lineal intercept by ASTM E112-13: total length of the test lines at 0°, 45°, 90° and 135° over the number of intercepts, boundaries having no thickness and islands inside grains being absorbed. Planimetric count by the same standard, grains cut by the border counted as half, at a corner as a quarter. Twin boundaries are not told from grain boundaries: where twins show, the grain size is that of the twinned structure.",
    ),
    paragraph(
      "Test lines run along every row of pixels; intercepts are independent on lines one mean intercept apart. A confidence interval needs several fields of one specimen; a single field gives none.",
    ),
    html(
      "<p>Specimen ____________________ &nbsp; Etchant ____________________ &nbsp; Operator ____________________ &nbsp; Date ____________________</p>",
    ),
  );
}

function short(value: number | undefined): string {
  return value === undefined ? "–" : figures(Number(value.toPrecision(4)));
}

function fixed(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}
