import { createMatrix } from "@materiome/core";
import {
  type CampaignState,
  constraintTexts,
  describeSpec,
  type Experiment,
  minimisedValues,
  type Objective,
  type ProcessWindow,
  paretoFront,
  progressOf,
  replicateNoise,
  runsOf,
  type SettingsMean,
  settingsMeans,
  stopAdvice,
} from "@materiome/inverse";
import { counted, figures } from "../terminal/figures.ts";
import { versions } from "../version.ts";
import { campaignCoordinates } from "./campaignCoordinates.ts";
import {
  changeText,
  goalTexts,
  headed,
  methodText,
  outsideText,
  progressText,
  rangeText,
  shownInputs,
  shownSetting,
  stopText,
} from "./campaignText.ts";
import { figure, type Html, html, keyFigures, page, paragraph, row, section, table, warning } from "./page.ts";
import { COLOURS } from "./plots/colours.ts";
import type { PlotLayer } from "./plots/layers.ts";
import { plot } from "./plots/plot.ts";
import { windowSection } from "./windowSection.ts";

/** The page of a campaign: where it stands, how it went, what is open and why, and every experiment. */
export function campaignReport(
  journal: string,
  state: CampaignState,
  warnings: readonly string[],
  window: ProcessWindow | undefined,
): string {
  const stop = stopText(state);
  const { materiome, node } = versions();
  const sections: Html[] = [
    html(""),
    section(
      "Where it stands",
      ...warnings.map(warning),
      keyFigures(keys(state)),
      ...progressText(state)
        .split("\n")
        .map((line) => paragraph(`${line.charAt(0).toUpperCase()}${line.slice(1)}.`)),
      ...(stop === undefined ? [] : [stopAdvice(state)?.stop === true ? warning(stop) : paragraph(stop)]),
    ),
  ];
  if (runsOf(state).length > 0) {
    sections.push(section("Progress", row(...state.objectives.map((objective) => progressFigure(state, objective)))));
    const front = frontSection(state);
    if (front !== undefined) sections.push(front);
  }
  if (state.experiments.length > 0) sections.push(campaignCoordinates(state));
  if (window !== undefined) {
    const wish = state.constraints.map(describeSpec).join(" and ");
    sections.push(
      windowSection(
        window,
        (percent) =>
          `Where the experiment works and ${wish}, each setting lies in its bar with a probability of ${percent}, whatever the others are. Settings are weighed by the probability of that, as the surrogates see it (without the noise of a test${window.isUnderScatter ? ", at the worst of what the setting becomes by the scatter of settings" : ""}); on average it is ${window.meanProbability.toFixed(2)} there. A wide bar says that the setting hardly matters, or that too little is known.`,
      ),
    );
  }
  const open = state.experiments.filter(({ status }) => status === "pending");
  if (open.length > 0) sections.push(openSection(state, open));
  if (state.experiments.length > 0) sections.push(experimentSection(state));
  sections.push(definitionSection(state));
  return page({
    title: "Campaign report",
    subtitle: `${goalTexts(state).join("; ")} · ${counted(runsOf(state).length, "run")}, started ${state.createdAt.slice(0, 10)}`,
    sections,
    footer: `${journal}, ${state.nEntries} entries, seed ${state.seed}. materiome ${materiome}, Node ${node}.`,
  });
}

function keys(state: CampaignState): { readonly value: string; readonly name: string }[] {
  const of = (status: string): string =>
    String(state.experiments.filter((experiment) => experiment.status === status).length);
  const bests = state.objectives.map((objective) => {
    const best = progressOf(state, objective).at(-1)?.best;
    return {
      value: best === undefined ? "–" : figures(Number(best.toPrecision(4))),
      name: `best ${headed(objective)}`,
    };
  });
  const noises = state.objectives.flatMap(({ name, unit }) => {
    const noise = replicateNoise(state, name);
    return noise === undefined
      ? []
      : [{ value: `± ${figures(Number(noise.std.toPrecision(2)))}`, name: `noise of ${headed({ name, unit })}` }];
  });
  return [
    ...bests,
    { value: of("ok"), name: "with results" },
    { value: of("failed"), name: "failed" },
    { value: of("pending"), name: "open" },
    ...noises,
  ];
}

/** Values in the order of telling with the best so far, then what is expected of the open suggestions. */
function progressFigure(state: CampaignState, objective: Objective): Html {
  const steps = progressOf(state, objective).map((step, i) => ({ ...step, x: i + 1 }));
  const measured = steps.filter(({ value }) => value !== undefined);
  const layers: PlotLayer[] = [];
  const best = steps.filter((step) => step.best !== undefined);
  if (best.length > 0) {
    layers.push({ kind: "line", name: "best so far", colour: COLOURS.blue, ...stairs(best) });
  }
  for (const [isFeasible, name, colour] of [
    [true, "run", COLOURS.blue],
    [false, "misses a limit, or lies elsewhere", COLOURS.grey],
  ] as const) {
    const shown = measured.filter((step) => step.isFeasible === isFeasible);
    if (shown.length === 0) continue;
    layers.push({
      kind: "points",
      name,
      colour,
      x: shown.map(({ x }) => x),
      y: shown.map(({ value }) => value ?? Number.NaN),
      titles: shown.map(({ run, value }) => `${run.id}: ${figures(value ?? Number.NaN)}`),
    });
  }
  const failed = steps.filter(({ run }) => run.status === "failed");
  const floor = Math.min(...measured.map(({ value }) => value ?? Number.POSITIVE_INFINITY));
  if (failed.length > 0 && measured.length > 0) {
    layers.push({
      kind: "points",
      name: "failed",
      shape: "cross",
      radius: 4,
      colour: COLOURS.red,
      x: failed.map(({ x }) => x),
      y: failed.map(() => floor),
      titles: failed.map(({ run }) => `${run.id} failed${run.note === undefined ? "" : `: ${run.note}`}`),
    });
  }
  const expected = state.experiments
    .filter(({ status }) => status === "pending")
    .flatMap(({ id, asked }) => {
      const outcome = asked?.suggestion.expected.find(({ name }) => name === objective.name);
      return outcome === undefined ? [] : [{ id, ...outcome }];
    });
  if (expected.length > 0) {
    layers.push({
      kind: "points",
      name: "open, as expected",
      colour: COLOURS.orange,
      x: expected.map((_, i) => steps.length + i + 1),
      y: expected.map(({ mean }) => mean),
      lower: expected.map(({ lower }) => lower),
      upper: expected.map(({ upper }) => upper),
      titles: expected.map(({ id }) => id),
    });
  }
  const svg = plot({
    description: `${objective.name} over the experiments`,
    x: { label: "experiment" },
    y: { label: headed(objective) },
    layers,
    width: 520,
  });
  const bars = expected.length > 0 ? " Bars: interval of a new measurement." : "";
  return figure(html(svg), `${objective.name} is to be ${wanted(objective)}.${bars}`);
}

function stairs(steps: readonly { readonly x: number; readonly best: number | undefined }[]): {
  readonly x: readonly number[];
  readonly y: readonly number[];
} {
  const corners = steps.flatMap(({ x, best = Number.NaN }, i) => {
    const before = steps[i - 1]?.best;
    return before === undefined || before === best
      ? [[x, best] as const]
      : ([
          [x, before],
          [x, best],
        ] as const);
  });
  return { x: corners.map(([x]) => x), y: corners.map(([, y]) => y) };
}

/** First two objectives against each other, front and the rest; undefined for one objective. */
function frontSection(state: CampaignState): Html | undefined {
  const [first, second] = state.objectives;
  if (first === undefined || second === undefined) return undefined;
  const { objectives } = state;
  const hasAll = ({ outcomes }: Pick<SettingsMean, "outcomes">): boolean =>
    objectives.every(({ name }) => outcomes[name] !== undefined);
  const means = settingsMeans(state).filter(hasAll);
  const candidates = means.filter(({ isFeasible }) => isFeasible);
  if (candidates.length === 0) return undefined;
  const valueIn = ({ outcomes }: SettingsMean, { name }: Objective): number => outcomes[name] ?? Number.NaN;
  const values = createMatrix(
    candidates.length,
    objectives.length,
    Float64Array.from(candidates.flatMap((one) => objectives.map((objective) => valueIn(one, objective)))),
  );
  const onFront = new Set(paretoFront(minimisedValues(values, objectives)).map((i) => candidates[i]));
  const front = candidates.filter((one) => onFront.has(one)).sort((a, b) => valueIn(a, first) - valueIn(b, first));
  const points = (shown: readonly SettingsMean[]): { x: number[]; y: number[]; titles: string[] } => ({
    x: shown.map((one) => valueIn(one, first)),
    y: shown.map((one) => valueIn(one, second)),
    titles: shown.map(idsOf),
  });
  const known = new Set(means.flatMap(({ runs }) => runs.map(({ key }) => key)));
  const elsewhere = runsOf(state)
    .filter((run) => hasAll(run) && !known.has(run.key))
    .map((run): SettingsMean => ({ runs: [run], outcomes: run.outcomes, isFeasible: false }));
  const rest = [...means.filter((one) => !onFront.has(one)), ...elsewhere];
  const layers: PlotLayer[] = [
    ...(objectives.length === 2
      ? [{ kind: "line" as const, colour: COLOURS.blue, dashed: true, ...points(front) }]
      : []),
    ...(rest.length > 0
      ? [{ kind: "points" as const, name: "dominated, or does not count", colour: COLOURS.grey, ...points(rest) }]
      : []),
    { kind: "points", name: `Pareto front (${front.length})`, colour: COLOURS.blue, radius: 4.5, ...points(front) },
  ];
  const svg = plot({
    description: "Pareto front",
    x: { label: headed(first) },
    y: { label: headed(second) },
    layers,
    width: 520,
  });
  const inputs = shownInputs(state);
  const header = ["id", ...inputs.map(headed), ...objectives.map(headed)];
  const rows = front.map((one) => [
    idsOf(one),
    ...inputs.map((input) => shownSetting(input, one.runs[0]?.settings ?? {})),
    ...objectives.map((objective) => figures(valueIn(one, objective))),
  ]);
  const goals = objectives.slice(1).map((objective) => `${objective.name} ${wanted(objective)}`);
  const shown = objectives.length === 2 ? "" : `Drawn by ${first.name} and ${second.name} alone. `;
  const caption = `${shown}${first.name} is to be ${wanted(first)}, ${goals.join(", ")}: no run is better in one without being worse in another. Replicates are their mean.`;
  return section("Pareto front", figure(html(svg), caption), table(header, rows));
}

function idsOf({ runs }: SettingsMean): string {
  return [...new Set(runs.map(({ id }) => id))].join(", ");
}

function openSection(state: CampaignState, open: readonly Experiment[]): Html {
  const expected =
    open.find(({ asked }) => (asked?.suggestion.expected.length ?? 0) > 0)?.asked?.suggestion.expected ?? [];
  const header = [
    "id",
    ...shownInputs(state).map(headed),
    ...expected.map((outcome) => `expected ${headed(outcome)}`),
    "exploiting",
    "feasible",
    "nearest tried",
    "what matters here",
    "chosen by",
  ];
  const rows = open.map(({ id, settings, asked }) => {
    const suggestion = asked?.suggestion;
    return [
      id,
      ...shownInputs(state).map((input) => shownSetting(input, settings)),
      ...expected.map(({ name }) => {
        const outcome = suggestion?.expected.find((one) => one.name === name);
        return outcome === undefined
          ? "–"
          : `${figures(Number(outcome.mean.toPrecision(4)))} (${figures(Number(outcome.lower.toPrecision(4)))} … ${figures(Number(outcome.upper.toPrecision(4)))})`;
      }),
      suggestion?.exploitShare === undefined ? "–" : `${Math.round(100 * suggestion.exploitShare)} %`,
      suggestion === undefined ? "–" : suggestion.feasibleProbability.toFixed(2),
      suggestion?.nearest === undefined
        ? "–"
        : `${suggestion.nearest.id}, ${suggestion.nearest.distance.toFixed(2)} away`,
      suggestion === undefined || suggestion.exploitShare === undefined
        ? "–"
        : suggestion.variables
            .slice(0, 3)
            .map(({ name, share }) => `${name} ${Math.round(100 * share)} %`)
            .join(", "),
      suggestion === undefined ? "told as pending" : methodText(suggestion),
    ];
  });
  const outside = outsideText(state);
  return section(
    "Open experiments, and why these",
    ...(outside === undefined ? [] : [warning(`${outside.charAt(0).toUpperCase()}${outside.slice(1)}.`)]),
    table(header, rows),
    paragraph(
      "Exploiting: the share of the expected gain that comes from the mean being good; the rest comes from not knowing. Distances are in units of the settings' ranges.",
    ),
  );
}

function experimentSection(state: CampaignState): Html {
  const inputs = shownInputs(state);
  const header = ["id", ...inputs.map(headed), ...state.outcomes.map(headed), "status", "note"];
  const rows = state.experiments.flatMap(({ id, settings, status, runs }) => {
    const lines = runs.length === 0 ? [undefined] : runs;
    return lines.map((run) => [
      id,
      ...inputs.map((input) => shownSetting(input, run?.settings ?? settings)),
      ...state.outcomes.map(({ name }) => (run?.outcomes[name] === undefined ? "–" : figures(run.outcomes[name]))),
      run?.status ?? status,
      run?.note ?? "",
    ]);
  });
  return section("All experiments", table(header, rows));
}

function definitionSection(state: CampaignState): Html {
  const rows = [
    ...state.space.variables.map((variable) => [headed(variable), rangeText(variable)]),
    ...state.space.fixed.map((input) => [headed(input), `given: ${figures(input.value)}`]),
    ...constraintTexts(state.space).map((text) => ["constraint", text]),
  ];
  const changes = state.changes.map((change) => `Changed in ${changeText(change)}.`);
  return section(
    "What may be turned",
    table(["setting", "range"], rows),
    ...changes.map((text) => paragraph(text)),
    ...(state.note === undefined ? [] : [paragraph(state.note)]),
  );
}

function wanted({ direction }: Objective): string {
  return direction === "maximize" ? "large" : "small";
}
