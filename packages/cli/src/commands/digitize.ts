import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "@materiome/core";
import {
  type DigitizeMethod,
  type DigitizeSummary,
  digitizeBatch,
  type ExportFormat,
  type ImageSummary,
  loadClassifier,
  summaryCsv,
} from "@materiome/microstructure";
import { expandImages } from "../input/expandImages.ts";
import { readSampleMap } from "../input/readSampleMap.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import { digitizeReport } from "../report/digitizeReport.ts";
import { EXIT, type SetExitCode, UsageError } from "../terminal/exitCodes.ts";
import { figures } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";

export interface DigitizeCommandOptions extends CommonOptions {
  readonly out: string;
  readonly pixelSize?: number;
  readonly method: DigitizeMethod;
  readonly samples?: string;
  readonly labels?: readonly string[];
  readonly resume?: boolean;
  readonly twins?: "keep" | "merge";
  readonly dataBar?: "crop" | "keep";
  readonly model?: string;
  readonly otherScale?: "refuse" | "rescale" | "ignore";
  readonly otherColour?: "refuse" | "convert";
  readonly views?: "flips" | "square";
  readonly export?: readonly ExportFormat[];
  readonly operator?: string;
  readonly magnification?: string;
  readonly deviations?: string;
}

/** `materiome digitize IMAGES --out DIR`: labels, overlays, grain tables, summary.csv, report.html, summary.json. */
export async function runDigitizeCommand(
  names: readonly string[],
  options: DigitizeCommandOptions,
  session: Session,
  setExitCode: SetExitCode,
): Promise<void> {
  const { out } = options;
  const images = await expandImages(names, "micrographs");
  const labels = options.labels ? await expandImages(options.labels, "labels") : undefined;
  const files = labels ?? images;
  if (files.length === 0) throw new UsageError("name at least one micrograph, or corrected label images with --labels");
  if (labels !== undefined && images.length > 0 && images.length !== labels.length) {
    throw new UsageError(
      `${images.length} micrographs for ${labels.length} label images; give one for each, in the same order, or none`,
    );
  }
  await prepareFolder(out);
  const samples = options.samples === undefined ? undefined : await readSampleMap(options.samples, files);
  const model =
    options.model === undefined
      ? undefined
      : { path: options.model, readerModule: import.meta.resolve("@materiome/forward"), views: options.views };
  if (model !== undefined) await loadClassifier(model); // a damaged model is one error, not one for each image
  const summary = await digitizeBatch(files, {
    outDir: out,
    pixelSizeUm: options.pixelSize,
    method: options.method,
    twins: options.twins,
    dataBar: options.dataBar,
    exports: options.export,
    model,
    otherPixelSize: options.otherScale,
    otherColour: options.otherColour,
    samples: samples?.specimens,
    labels: labels !== undefined,
    micrographs: new Map(images.flatMap((image, i) => (labels?.[i] === undefined ? [] : [[labels[i], image]]))),
    resume: options.resume,
    threads: session.threads,
    signal: session.signal,
    onProgress: session.onProgress,
  });
  for (const name of samples?.notGiven ?? []) {
    session.warn(`${options.samples}: names ${name}, which is not among the images; its specimen is pooled without it`);
  }
  const { operator, magnification, deviations } = options;
  const lab = { operator, magnification, deviations, date: new Date().toISOString().slice(0, 10) };
  const document = { ...summary, versions: versions(), seed: session.seed };
  await writeFileAtomic(join(out, "summary.csv"), summaryCsv(summary.images));
  await writeFileAtomic(
    join(out, "report.html"),
    await digitizeReport(summary, lab, (name) => readFile(join(out, name))),
  );
  await writeFileAtomic(join(out, "summary.json"), `${JSON.stringify(document, null, 2)}\n`);

  session.result(document);
  if (options.method === "auto") {
    for (const { file, method, methodReason } of summary.images) {
      if (method !== "labels") session.note(`${file}: ${method}, since ${methodReason}`);
    }
  }
  describe(summary, out, session);
  if (summary.images.length === 0) setExitCode(EXIT.badInput);
  else if (summary.skipped.length + summary.unpooled.length + summary.unassigned.length > 0)
    setExitCode(EXIT.someSkipped);
}

function describe(summary: DigitizeSummary, out: string, session: Session): void {
  if (summary.images.length > 0) {
    session.output(
      textTable(
        ["image", "found", "mean intercept, or share of area", "G intercept", "G planimetric"],
        summary.images.map(line),
      ),
    );
  }
  if (summary.samples.length > 0) {
    const rows = summary.samples.map(({ specimen, nFields, G, standard, meetsStandard, reasons }) => [
      specimen,
      String(nFields),
      G.intercept?.toFixed(2) ?? "–",
      G.ciLow === null || G.ciHigh === null ? "–" : `${G.ciLow.toFixed(2)} … ${G.ciHigh.toFixed(2)}`,
      G.relativeAccuracyPct === null ? "–" : `${G.relativeAccuracyPct.toFixed(1)} %`,
      `${standard}: ${meetsStandard ? "yes" : `no: ${reasons.join("; ")}`}`,
    ]);
    session.say();
    session.output(textTable(["specimen", "fields", "G", "95 % interval", "accuracy", "meets the standard"], rows));
  }
  for (const text of summary.warnings) session.warn(text);
  for (const text of byText(summary.images)) session.warn(text);
  for (const { specimen, reason } of summary.unpooled) session.warn(`specimen ${specimen} was not pooled: ${reason}`);
  for (const file of summary.unassigned) session.warn(`${file}: the map of samples does not name it: not pooled`);
  for (const { file, reason } of summary.skipped) {
    session.warn(`skipped: ${reason.includes(file) ? reason : `${file}: ${reason}`}`);
  }
  if (summary.nResumed > 0) session.note(`${summary.nResumed} images were measured before and taken over`);
  session.say(
    `\n${summary.images.length} of ${summary.images.length + summary.skipped.length} images; see ${join(out, "report.html")}`,
  );
}

/** Warnings that three and more images share are one line: a batch without calibration does not need it said forty times. */
export function byText(images: readonly { readonly file: string; readonly warnings: readonly string[] }[]): string[] {
  const files = new Map<string, string[]>();
  for (const { file, warnings } of images) {
    for (const text of new Set(warnings)) files.set(text, [...(files.get(text) ?? []), file]);
  }
  return [...files].flatMap(([text, named]) => {
    if (named.length < 3) return named.map((file) => `${file}: ${text}`);
    const [first, last] = [named[0] ?? "", named.at(-1) ?? ""];
    return [`${named.length} of ${images.length} images (${first} … ${last}): ${text}`];
  });
}

function line(image: ImageSummary): string[] {
  const { kind, nGrains } = image;
  if (kind !== "grains") {
    const shares = image.phaseFractions.map(({ phase, fraction }) => `${phase} ${(100 * fraction).toFixed(1)} %`);
    return [image.file, `${nGrains} ${kind}`, shares.join(", "), "–", "–"];
  }
  const { intercept, planimetric } = image.grainSizeNumber;
  return [
    image.file,
    `${nGrains} grains`,
    image.pixelSizeUm === null
      ? `${figures(round3(image.meanInterceptPx))} px`
      : `${figures(round3(image.meanInterceptUm))} µm`,
    intercept.G?.toFixed(2) ?? "– (no calibration)",
    planimetric.G?.toFixed(2) ?? "–",
  ];
}

function round3(value: number): number {
  return Number(value.toPrecision(4));
}
