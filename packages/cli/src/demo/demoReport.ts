import { readFile } from "node:fs/promises";
import { GAS_CONSTANT_J_PER_MOL_K } from "@materiome/core";
import type { TrainedPropertyModel } from "@materiome/forward";
import { judgedName, judgedProbability } from "../output/exploreText.ts";
import {
  embeddedPng,
  figure,
  type Html,
  html,
  keyFigures,
  page,
  paragraph,
  row,
  section,
  table,
} from "../report/page.ts";
import { parityPlot } from "../report/parityPlot.ts";
import { COLOURS } from "../report/plots/colours.ts";
import { plot } from "../report/plots/plot.ts";
import { displayUnit } from "../terminal/displayUnit.ts";
import type { DemoSummary } from "./demoSummary.ts";
import { DEMO, kelvin } from "./plan.ts";
import type { ProcessMap } from "./processMap.ts";
import type { AnnealedSample, DemoResult } from "./runDemo.ts";

/** The page that the demo ends in. */
export async function demoReport(result: DemoResult, summary: DemoSummary, map: ProcessMap): Promise<string> {
  const { wanted } = summary;
  const met = result.checked.flatMap((c) => c.strengthsMPa).length * summary.shareMet;
  return page({
    title: `A furnace setting for ${wanted.strengthMPa} ± ${wanted.toleranceMPa} MPa`,
    subtitle: "Process → structure → property, and back: the whole loop on simulated metal, made a moment ago",
    sections: [
      keyFigures([
        {
          value: `${one(summary.meanAchievedMPa)} MPa`,
          name: `achieved by the suggestions, wanted ${wanted.strengthMPa}`,
        },
        {
          value: `${Math.round(met)} of ${result.checked.flatMap((c) => c.strengthsMPa).length}`,
          name: `simulated anneals within ± ${wanted.toleranceMPa} MPa`,
        },
        { value: `${one(summary.grainSize.meanAbsoluteErrorPct)} %`, name: "error of the digitized grain size" },
        {
          value: `${one(summary.activationEnergy.fittedKJPerMol)} kJ/mol`,
          name: `activation energy from pictures, true ${summary.activationEnergy.trueKJPerMol}`,
        },
      ]),
      await pictures(result),
      section(
        "2 Is the ruler straight, and does the metal obey its law?",
        row(measurement(result, summary), physics(result, summary)),
        paragraph(
          "Because temperature and time enter only through t·exp(−Q/RT), a wanted grain size is not one setting but a curve of settings.",
        ),
      ),
      models(result),
      answer(result, summary, map),
      honesty(),
    ],
    footer: `materiome ${summary.versions.materiome}, Node ${summary.versions.node}, seed ${summary.seed}, ${summary.seconds.toFixed(0)} s. The same seed makes the same page.`,
  });
}

async function pictures(result: DemoResult): Promise<Html> {
  const bySize = [...result.samples].sort((a, b) => a.trueGrainSizeUm - b.trueGrainSizeUm);
  const chosen = [bySize[0], bySize[Math.floor(bySize.length / 2)], bySize.at(-1)].filter((s) => s !== undefined);
  const rows = await Promise.all(
    chosen.map(async (sample) => {
      const { temperatureC, timeMin } = sample.anneal;
      return row(
        figure(
          embeddedPng(await readFile(sample.micrograph), "micrograph"),
          `${temperatureC} °C for ${timeMin} min, from ${one(sample.startUm)} µm. What the digitizer gets to see.`,
        ),
        figure(
          embeddedPng(await readFile(sample.overlay), "grain boundaries found"),
          `What it finds: ${sample.nGrains} grains, mean intercept ${one(sample.grainSizeUm)} µm (true: ${sample.trueNGrains}, ${one(sample.trueGrainSizeUm)} µm).`,
        ),
      );
    }),
  );
  return section(
    "1 From furnace to picture to number",
    paragraph(
      `${result.samples.length} anneals over a grid of temperature, time and starting grain size were simulated (Potts Monte Carlo grain growth), photographed by a renderer with etched grooves, uneven light, blur and noise, and measured from the picture files alone.`,
    ),
    ...rows,
  );
}

function measurement(result: DemoResult, summary: DemoSummary): Html {
  const { grainSize } = summary;
  const parity = plot({
    description: "true against digitized grain size",
    identity: true,
    x: { label: "true mean intercept (µm)" },
    y: { label: "digitized mean intercept (µm)" },
    layers: [
      {
        kind: "points",
        colour: COLOURS.blue,
        x: result.samples.map((s) => s.trueGrainSizeUm),
        y: result.samples.map((s) => s.grainSizeUm),
        titles: result.samples.map((s) => `${s.name}: ${s.anneal.temperatureC} °C, ${s.anneal.timeMin} min`),
      },
    ],
  });
  return figure(
    html(parity),
    `Every sample. Mean absolute error ${one(grainSize.meanAbsoluteErrorPct)} %, mean error ${signed(grainSize.meanErrorPct)} %, boundaries within 2 px: F1 ${grainSize.boundaryF1.toFixed(3)}.`,
  );
}

function physics(result: DemoResult, summary: DemoSummary): Html {
  const { samples, growthLaw } = result;
  const groups = result.startsUm.map((startUm, i) => ({ startUm, of: samples.filter((s) => s.anneal.start === i) }));
  const colours = [COLOURS.blue, COLOURS.orange, COLOURS.green];
  const equivalent = (s: AnnealedSample): number => {
    const reference = kelvin(900);
    const factor = growthLaw.activationEnergyJPerMol / GAS_CONSTANT_J_PER_MOL_K;
    return s.anneal.timeMin * Math.exp(factor * (1 / reference - 1 / kelvin(s.anneal.temperatureC)));
  };
  const collapse = plot({
    description: "growth of all samples against one variable",
    x: { label: "equivalent time at 900 °C (min)" },
    y: { label: "d² − d₀² (µm²)" },
    layers: groups.map(({ startUm, of }, i) => ({
      kind: "points" as const,
      name: `from ${one(startUm)} µm`,
      colour: colours[i % colours.length] ?? COLOURS.blue,
      x: of.map(equivalent),
      y: of.map((s) => s.grainSizeUm ** 2 - s.startUm ** 2),
    })),
  });
  const q = summary.activationEnergy;
  return figure(
    html(collapse),
    `Fitted to digitized sizes: d² − d₀² = K·t·exp(−Q/RT) with Q = ${one(q.fittedKJPerMol)} ± ${one(q.standardErrorKJPerMol)} kJ/mol (true ${q.trueKJPerMol}, ${signed(q.errorPct)} %). Temperature and time are one variable.`,
  );
}

function models(result: DemoResult): Html {
  const [structure, strength] = [result.structureModel.metrics.targets[0], result.strengthModel.metrics.targets[0]];
  const scores = [structure, strength].flatMap((target) =>
    target === undefined
      ? []
      : [
          [
            target === structure ? "process → grain size" : "grain size → strength",
            `${target.mae.toFixed(2)} ${displayUnit(target.unit)}`,
            `${target.meanBaselineMae.toFixed(2)} ${displayUnit(target.unit)}`,
            target.r2.toFixed(3),
            target.coverage90 === null ? "–" : `${(100 * target.coverage90).toFixed(0)} %`,
          ],
        ],
  );
  return section(
    "3 Learned, and scored on what was held out",
    row(
      ...heldOut(result.structureModel, "Temperature, time, starting size → grain size, with 90 % intervals."),
      ...heldOut(result.strengthModel, "Grain size → yield strength, with 90 % intervals."),
    ),
    table(["model", "mean absolute error", "guessing the mean", "R²", "inside 90 % interval"], scores),
  );
}

function heldOut({ outOfFold, metrics }: TrainedPropertyModel, caption: string): Html[] {
  const [held] = outOfFold;
  return held === undefined ? [] : [figure(parityPlot(held, metrics.targets[0]?.unit ?? ""), caption)];
}

function answer(result: DemoResult, summary: DemoSummary, map: ProcessMap): Html {
  const { growthLaw, checked, startsUm, materialInHand } = result;
  const startUm = startsUm[materialInHand] ?? Number.NaN;
  const { strengthMPa } = summary.wanted;
  const { frictionStressMPa, coefficientMPaUm } = DEMO.hallPetch;
  const wantedSizeUm = (coefficientMPaUm / (strengthMPa - frictionStressMPa)) ** 2;
  const lawTemperatures = map.temperatureEdgesC;
  const lawTimes = lawTemperatures.map((t) => {
    const rate = growthLaw.predict(kelvin(t), 60, startUm) ** 2 - startUm ** 2; // growth of d² in a minute
    return (wantedSizeUm ** 2 - startUm ** 2) / rate;
  });
  const inFrame = lawTimes.map((t) => t >= (map.timeEdgesMin[0] ?? 0) && t <= (map.timeEdgesMin.at(-1) ?? 0));
  const low = Math.min(...map.strengthsMPa);
  const high = Math.max(...map.strengthsMPa);
  const picture = plot({
    description: "predicted strength over temperature and time with the suggestions",
    width: 620,
    height: 420,
    x: { label: "furnace temperature (°C)" },
    y: { label: "time (min)", kind: "log" },
    layers: [
      {
        kind: "cells",
        xEdges: map.temperatureEdgesC,
        yEdges: map.timeEdgesMin,
        values: map.strengthsMPa,
        range: [low, high],
        unit: "MPa",
      },
      {
        kind: "line",
        name: `model: ${strengthMPa} MPa`,
        colour: COLOURS.orange,
        x: map.curve.temperaturesC,
        y: map.curve.timesMin,
      },
      {
        kind: "line",
        name: "growth law and Hall–Petch",
        colour: COLOURS.ink,
        dashed: true,
        x: lawTemperatures.filter((_, i) => inFrame[i]),
        y: lawTimes.filter((_, i) => inFrame[i]),
      },
      {
        kind: "points",
        name: "suggestions, simulated",
        colour: COLOURS.red,
        shape: "star",
        radius: 6,
        x: checked.map((c) => c.temperatureC),
        y: checked.map((c) => c.timeMin),
        titles: checked.map(
          (c, i) => `${i + 1}: ${c.temperatureC} °C, ${c.timeMin} min, ${one(c.meanStrengthMPa)} MPa`,
        ),
      },
    ],
  });
  const rows = checked.map((c, i) => [
    String(i + 1),
    `${c.temperatureC} °C`,
    `${c.timeMin} min`,
    `${one(c.candidate.predicted.mean)} (${one(c.candidate.predicted.lower)} … ${one(c.candidate.predicted.upper)})`,
    judgedProbability(c.candidate, summary.expectedBy).toFixed(2),
    c.strengthsMPa.map(one).join(", "),
    one(c.meanStrengthMPa),
    `${c.strengthsMPa.filter((s) => Math.abs(s - strengthMPa) <= summary.wanted.toleranceMPa).length} of ${c.strengthsMPa.length}`,
  ]);
  return section(
    `4 Back again: ${strengthMPa} ± ${summary.wanted.toleranceMPa} MPa from the ${one(startUm)} µm material`,
    paragraph(
      "The answer is a curve: hot and short or mild and long give the same metal. The suggestions are spread along it, each inside the range that the model knows. Then the furnace (the simulator) was run at each of them with fresh randomness.",
    ),
    figure(
      html(picture),
      "Predicted yield strength, the line of settings where the model expects the wanted strength, and where the fitted growth law puts it.",
    ),
    table(
      [
        "#",
        "temperature",
        "time",
        "predicted, 90 % interval (MPa)",
        judgedName(summary.expectedBy),
        "achieved (MPa)",
        "mean",
        "met",
      ],
      rows,
    ),
    paragraph(
      `All suggestions together: achieved ${one(summary.meanAchievedMPa)} MPa on average, wanted ${strengthMPa}; ${Math.round(100 * summary.shareMet)} % of the anneals met the order, the model expected ${Math.round(100 * summary.expectedShare)} %.${expectationText(summary)}`,
    ),
  );
}

/** By which probability the model expects. */
function expectationText({ expectedBy, suggestions }: DemoSummary): string {
  if (expectedBy === "predicted") return "";
  const plain = suggestions.reduce((sum, s) => sum + s.probability, 0) / suggestions.length;
  return ` That is the probability corrected for the optimism of taking the best of many predictions, as samples tell it that were predicted from furnace settings to strength without having been seen by either model; as predicted it would be ${Math.round(100 * plain)} %.`;
}

function honesty(): Html {
  return section(
    "What this shows, and what not",
    paragraph(
      "The metal is simulated, so the truth is known at every step, which no laboratory has. The simulated world follows normal grain growth and Hall–Petch exactly; real steel also has precipitates, texture, several phases. What carries over is the chain itself: pixels to grains to models with intervals to settings, each step checked against held-out truth.",
    ),
  );
}

function one(value: number): string {
  return value.toFixed(1);
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
}
