import type { TableModel } from "@materiome/core";
import { type Candidate, describeSpec, type InversionResult, type Refusal, type Tolerance } from "@materiome/inverse";
import { driftCells, judgedName, judgedProbability, scatterCell, short, withUnit } from "../output/exploreText.ts";
import { displayUnit } from "../terminal/displayUnit.ts";
import { figure, type Html, html, keyFigures, page, paragraph, section, table, warning } from "./page.ts";
import { windowAxes } from "./plots/windowAxes.ts";
import { windowSection } from "./windowSection.ts";

export interface InvertReportContext {
  readonly model: TableModel;
  readonly command: string;
  readonly seed: number;
  readonly version: string;
}

/** The page of an inversion: candidates, routes, process window, tolerance; or why it was refused. */
export function invertReport(result: InversionResult, context: InvertReportContext): string {
  const { specs, refused, candidates, diagnostics, fixed } = result;
  const asked = specs.map(describeSpec).join(" and ");
  const given = fixed.map((f) => `${f.name} = ${f.value}${f.unit === "" ? "" : ` ${displayUnit(f.unit)}`}`).join(", ");
  return page({
    title: asked,
    subtitle: `${refused === undefined ? "settings that meet it" : "out of reach"}${given === "" ? "" : `, given ${given}`}`,
    sections: [
      refused === undefined ? summary(result) : warning(refused.reason),
      ...(refused === undefined ? [] : refusalParts(result, refused, context.model)),
      ...(candidates.length === 0 ? [] : [candidateSection(result, context.model)]),
      ...(result.window === null
        ? []
        : [
            windowSection(
              result.window,
              (percent) =>
                `If the spec is met, each setting lies in its bar with a probability of ${percent}, whatever the others are. Settings are weighed by the probability that they meet it${result.window?.isUnderScatter === true ? ", averaged over what they become by the scatter given" : ""}, inside bounds and domain; a wide bar says that the setting hardly matters, or that the model does not know.`,
            ),
          ]),
      ...(result.routes.length === 0 ? [] : [routeSection(result)]),
      ...((candidates[0]?.drift.length ?? 0) === 0 ? [] : [toleranceSection(result)]),
      section("What to know", ...diagnostics.notes.map((note) => paragraph(note))),
    ],
    footer: `${context.command}; seed ${context.seed}; materiome ${context.version}`,
  });
}

function summary({ candidates, routes, window, diagnostics }: InversionResult): Html {
  const [first] = candidates;
  const { optimism } = diagnostics;
  return keyFigures([
    { value: (first?.probability ?? 0).toFixed(2), name: "probability of the first candidate" },
    ...(optimism === null
      ? []
      : [
          {
            value: optimism.corrected.toFixed(2),
            name: `best, corrected for optimism (predicted ${optimism.predicted.toFixed(2)})`,
          },
        ]),
    ...(routes.length === 0
      ? []
      : [{ value: String(routes.length), name: routes.length === 1 ? "route" : "different routes" }]),
    ...(window?.rHat === undefined
      ? []
      : [
          {
            value: window.rHat.toFixed(2),
            name: `R-hat of the window, ${Math.round(window.effectiveSampleSize ?? 0)} effective draws`,
          },
        ]),
  ]);
}

/** What limits it, the best that is believed reachable, and what lifting one limit would give. */
function refusalParts({ specs, fixed }: InversionResult, { best, limiting }: Refusal, model: TableModel): Html[] {
  const parts = [paragraph(`Cause: ${limiting.text}`)];
  if (best !== undefined) {
    const given = new Set(fixed.map(({ name }) => name));
    const turned = best.settings.filter(({ name }) => !given.has(name));
    parts.push(section("Best believed reachable", candidateTable([{ ...best, settings: turned }], specs, model)));
  }
  if (limiting.relaxations.length > 0) {
    const rows = limiting.relaxations.map(({ name, kind, value, unit, probability, mean, inDomain }) => [
      name,
      { fixed: "given", bound: "stands at its bound", domain: "ends of the domain" }[kind],
      typeof value === "number" ? `${short(value)}${unit === "" ? "" : ` ${displayUnit(unit)}`}` : value,
      short(mean),
      probability.toFixed(2),
      inDomain ? "yes" : "no",
    ]);
    const header = ["setting", "limit", "at", `${specs[0]?.target ?? "mean"} there`, "P(met) there", "in domain"];
    parts.push(section("Lifting one limit", table(header, rows)));
  }
  return parts;
}

function candidateSection(result: InversionResult, model: TableModel): Html {
  const { candidates, specs, window } = result;
  const picture =
    window === null
      ? []
      : [
          figure(
            html(windowAxes(window, candidates)),
            "One line per candidate, one axis per setting, from the lowest to the highest value allowed. The bars are the process window: where the setting lies if the spec is met.",
          ),
        ];
  return section("Candidates", candidateTable(candidates, specs, model), ...picture);
}

function candidateTable(candidates: readonly Candidate[], specs: InversionResult["specs"], model: TableModel): Html {
  const knobs = candidates[0]?.settings ?? [];
  const hasCost = candidates.some((c) => c.cost !== null);
  const hasEnergy = candidates.some((c) => c.footprint !== null);
  const isCorrected = candidates.some((c) => c.correctedProbability !== null);
  const unit = candidates[0]?.cost?.unit ?? "";
  const header = [
    "#",
    ...knobs.map((knob) => withUnit(knob.name, knob.unit)),
    ...specs.map((spec) => withUnit(spec.target, spec.unit)),
    "P(met)",
    ...(isCorrected ? ["corrected"] : []),
    ...(hasCost ? [withUnit("cost", unit)] : []),
    ...(hasEnergy ? ["energy (MJ)", "CO₂ (kg)"] : []),
    "nearest row",
  ];
  const rows = candidates.map((c, i) => [
    String(i + 1),
    ...knobs.map((knob) => settingText(c, knob.name)),
    ...c.predictions.map((p) => `${short(p.mean)} (${short(p.lower)} … ${short(p.upper)})`),
    c.probability.toFixed(2),
    ...(isCorrected ? [c.correctedProbability?.toFixed(2) ?? "–"] : []),
    ...(hasCost ? [c.cost === null ? "–" : short(c.cost.value)] : []),
    ...(hasEnergy ? [energyText(c.footprint?.energyMJ), energyText(c.footprint?.emissionsKg)] : []),
    `${model.training.rowNumber(c.nearestSample.row)} at ${c.nearestSample.distance.toFixed(3)}`,
  ]);
  return table(header, rows);
}

function routeSection({ routes, diagnostics, minProbability, criterion }: InversionResult): Html {
  const names = routes[0]?.ranges.map((range) => withUnit(range.name, range.unit)) ?? [];
  const rows = routes.map(({ share, ranges, representative, gap }, i) => [
    String(i + 1),
    `${Math.round(100 * share)} %`,
    ...ranges.map((range) => {
      const at = settingText(representative, range.name);
      return range.kind === "number"
        ? `${at} (${short(range.lower)} … ${short(range.upper)})`
        : range.levels.length === 1
          ? at
          : `${at} of ${range.levels.join(", ")}`;
    }),
    judgedProbability(representative, criterion).toFixed(2),
    gap === null ? "–" : gap.toFixed(2),
  ]);
  const how =
    routes.length === 1
      ? "The settings that are probable enough hang together: no split into groups is clear (mean silhouette below 0.5)."
      : `The settings with a ${judgedName(criterion)} of at least ${minProbability} fall into ${routes.length} groups (mean silhouette ${diagnostics.routeSilhouette.toFixed(2)}). Where the gap is small, one can go from one to the other.`;
  return section("Routes", paragraph(how), table(["route", "of volume", ...names, judgedName(criterion), "gap"], rows));
}

function toleranceSection({ candidates, minProbability, criterion }: InversionResult): Html {
  const [first] = candidates;
  const hasScatter = candidates.some((c) => c.scatter !== null);
  return section(
    "Tolerance",
    paragraph(
      `How far each setting of the first candidate may drift, the others held, before the ${judgedName(criterion)} falls under ${minProbability}; in brackets what ends it otherwise.`,
    ),
    table(["setting", "set", "from", "to"], (first?.drift ?? []).map(driftCells)),
    ...(hasScatter
      ? [
          paragraph("When all settings scatter at once as given:"),
          table(
            ["candidate", "as set", "with scatter"],
            candidates.map((c, i) => [
              String(i + 1),
              `P ${judgedProbability(c, criterion).toFixed(2)}`,
              scatterCell(c),
            ]),
          ),
        ]
      : []),
  );
}

function settingText(candidate: Candidate & Partial<Tolerance>, name: string): string {
  const value = candidate.settings.find((setting) => setting.name === name)?.value;
  return typeof value === "number" ? short(value) : (value ?? "–");
}

function energyText(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "unknown" : short(value);
}
