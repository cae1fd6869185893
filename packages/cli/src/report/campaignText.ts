import {
  type AskedExperiment,
  type CampaignState,
  changedSinceAsk,
  constraintTexts,
  deadLevels,
  describeDisturbance,
  describeSpec,
  type FixedInput,
  type Objective,
  openOutside,
  progressOf,
  replicateNoise,
  type SearchSpace,
  type StopAdvice,
  stopAdvice,
} from "@materiome/inverse";
import { displayUnit } from "../terminal/displayUnit.ts";
import { counted, figures, withError } from "../terminal/figures.ts";
import { textTable } from "../terminal/textTable.ts";

type Variable = SearchSpace["variables"][number];

/** `name (unit)`. */
export function headed({ name, unit }: { readonly name: string; readonly unit: string }): string {
  return unit === "" ? name : `${name} (${displayUnit(unit)})`;
}

/**
 * What tells one experiment from another: what may be turned, and of what is given the version of the experiment, and inputs in which
 * experiments differ (other heats).
 */
export function shownInputs({ space, fidelity, experiments }: CampaignState): readonly (Variable | FixedInput)[] {
  const isTold = ({ name, value }: FixedInput): boolean =>
    experiments.some(({ settings, runs }) =>
      [settings, ...runs.map((run) => run.settings)].some((had) => (had[name] ?? value) !== value),
    );
  return [...space.variables, ...space.fixed.filter((input) => input.name === fidelity?.name || isTold(input))];
}

/** A setting of an experiment; of what is given the value that counts, where it does not say another. */
export function shownSetting(
  input: Variable | FixedInput,
  settings: Readonly<Record<string, number | string>>,
): string {
  return settingText(settings[input.name] ?? ("value" in input ? input.value : undefined));
}

/** What may be turned and what is given, a line each. */
export function spaceText(space: SearchSpace): string {
  return [
    ...space.variables.map((variable) => `  vary  ${headed(variable)}: ${rangeText(variable)}`),
    ...space.fixed.map((input) => `  given ${headed(input)} = ${figures(input.value)}`),
    ...constraintTexts(space).map((text) => `  keep  ${text}`),
  ].join("\n");
}

/** Levels that can never be set, a sentence each. */
export function deadLevelNotes(space: SearchSpace): readonly string[] {
  return deadLevels(space).map(
    ({ name, value, conflict }) => `${name} = ${value} can never be asked for: ${conflict.join("; ")}`,
  );
}

/** Categories all of whose levels are numbers, which have no order as such, a sentence each. */
export function numericLevelNotes({ variables }: SearchSpace): readonly string[] {
  return variables.flatMap((variable) => {
    if (variable.kind !== "category" || !variable.levels.every((level) => Number.isFinite(Number(level)))) return [];
    const levels = variable.levels.join("|");
    return [
      `the levels of ${variable.name} are taken as names; if they are numbers in order, write "${variable.name}=${levels} ordinal"`,
    ];
  });
}

/** What a change changed: `entry 4 (2026-11-28): settings, objectives`. */
export function changeText({
  n,
  at,
  space,
  objectives,
  constraints,
  disturbance,
  note,
}: CampaignState["changes"][number]): string {
  const parts = Object.entries({ settings: space, objectives, constraints, scatter: disturbance });
  const changed = parts.filter(([, part]) => part !== undefined).map(([name]) => name);
  const what = changed.length === 0 ? "" : `, ${changed.join(", ")}`;
  return `entry ${n} (${at.slice(0, 10)})${what}${note === undefined ? "" : `: ${note}`}`;
}

/** Bounds of a setting. */
export function rangeText(variable: Variable): string {
  if (variable.kind === "category") return variable.levels.join(", ");
  if (variable.kind === "ordinal") return (variable.labels ?? variable.values.map(figures)).join(" < ");
  const step =
    variable.kind === "continuous" && variable.step !== undefined ? ` in steps of ${figures(variable.step)}` : "";
  const scale = variable.kind === "continuous" && variable.scale === "log" ? ", logarithmic" : "";
  return `${figures(variable.min)} … ${figures(variable.max)}${step}${variable.kind === "integer" ? ", whole numbers" : ""}${scale}`;
}

/** Suggestions in a table: settings, what is expected, why. */
export function suggestionsText(state: CampaignState, suggestions: readonly AskedExperiment[], level: number): string {
  if (suggestions.length === 0) {
    const open = state.experiments.filter(({ status }) => status === "pending").length;
    return `nothing is left to suggest: all that may be set was tried or is open (${open} open); tell what is open, widen a range, or repeat a setting and tell it with --again replicate`;
  }
  const knobs = shownInputs(state);
  const expected = suggestions[0]?.expected ?? [];
  const header = [
    "id",
    ...knobs.map(headed),
    ...expected.map((outcome) => `${headed(outcome)}, ${Number((100 * level).toFixed(1))} % interval`),
    "why",
  ];
  const rows = suggestions.map((suggestion) => [
    suggestion.id,
    ...knobs.map((input) => shownSetting(input, suggestion.settings)),
    ...suggestion.expected.map(({ mean, lower, upper }) => `${figures(mean)} (${figures(lower)} … ${figures(upper)})`),
    whyText(suggestion),
  ]);
  return textTable(header, rows);
}

export function settingText(value: number | string | undefined): string {
  return value === undefined ? "–" : figures(value);
}

/** By what a suggestion was chosen, and what is expected of that where settings scatter. */
export function methodText({ method, underScatter }: AskedExperiment): string {
  if (underScatter === undefined) return method;
  const list = underScatter.map(({ name, mean, std }) => {
    return underScatter.length === 1 ? withError(mean, std) : `${name} ${withError(mean, std)}`;
  });
  return `${method}: ${list.join(", ")} expected`;
}

/** Why a suggestion was made, in a few words. */
export function whyText(suggestion: AskedExperiment): string {
  const { exploitShare, feasibleProbability, nearest, variables } = suggestion;
  const parts = [methodText(suggestion)];
  if (exploitShare !== undefined) parts.push(`${Math.round(100 * exploitShare)} % exploiting`);
  if (feasibleProbability < 1) parts.push(`feasible with ${feasibleProbability.toFixed(2)}`);
  if (nearest !== undefined) parts.push(`${nearest.distance.toFixed(2)} from ${nearest.id}`);
  const [first] = variables;
  if (first !== undefined && variables.length > 1 && exploitShare !== undefined) {
    parts.push(`${first.name} matters most (${Math.round(100 * first.share)} %)`);
  }
  return parts.join(", ");
}

/** What is to get better, one text each; where settings scatter, the mean or worst case under it. */
export function objectiveTexts({ objectives, disturbance, space }: CampaignState): readonly string[] {
  const scattered = disturbance === undefined ? "" : ` (${describeDisturbance(space, disturbance)})`;
  return objectives.map(({ direction, name }) => `${direction} ${name}${scattered}`);
}

/** All that is wanted. */
export function goalTexts(state: CampaignState): readonly string[] {
  return [...objectiveTexts(state), ...state.constraints.map(describeSpec)];
}

/** Whether to go on, in a sentence; undefined where nothing can be said. */
export function stopText(state: CampaignState): string | undefined {
  const advice = stopAdvice(state);
  if (advice !== undefined) return adviceText(state, advice);
  const change = changedSinceAsk(state);
  return change && `stop rule: nothing can be said since the change in entry ${change.n}; ask again`;
}

/** Whether to go on, in a sentence. */
export function adviceText(state: CampaignState, advice: StopAdvice): string {
  const { expectedGain, noiseFrom, toldSince, stop, nKnown, nNeeded } = advice;
  const isVolume = advice.of === "hypervolume";
  const unit = isVolume ? "" : displayUnit(state.objectives[0]?.unit ?? "");
  const value = (x: number): string => `${figures(Number(x.toPrecision(3)))}${unit === "" ? "" : ` ${unit}`}`;
  const noise = `${isVolume ? "what noise alone would seem to gain" : "one measurement's noise"}, ${value(advice.noise)} (${noiseFrom === "replicates" ? "from replicates" : "as the model sees it"})`;
  const since = toldSince === 0 ? "" : ` (${counted(toldSince, "result")} told since: ask again)`;
  const gain = `the largest expected gain${isVolume ? " in hypervolume" : ""}, ${value(expectedGain)}`;
  if (nKnown < nNeeded) {
    return `stop rule: ${gain}; too early to say, ${nKnown} of ${nNeeded} experiments are measured${since}`;
  }
  return stop
    ? `stop rule: ${gain}, is below ${noise}: further experiments would hardly be told from scatter${since}`
    : `stop rule: ${gain}, is above ${noise}: go on${since}`;
}

/** Best value of each objective so far, a line each. */
export function progressText(state: CampaignState): string {
  return state.objectives.map((objective) => bestText(state, objective)).join("\n");
}

function bestText(state: CampaignState, objective: Objective): string {
  const { best, bestRuns = [] } = progressOf(state, objective).at(-1) ?? {};
  const [run] = bestRuns;
  if (best === undefined || run === undefined) {
    const isMeasured = state.experiments.some(({ runs }) => runs.some(({ outcomes }) => objective.name in outcomes));
    return `best ${headed(objective)}: none measured yet${isMeasured ? ` ${state.constraints.length > 0 ? "that meets the constraints, " : ""}under what is given and inside the bounds` : ""}`;
  }
  const settings = state.space.variables.map(
    ({ name, unit }) => `${name} ${settingText(run.settings[name])}${unit === "" ? "" : ` ${displayUnit(unit)}`}`,
  );
  const noise = replicateNoise(state, objective.name);
  const ids = [...new Set(bestRuns.map(({ id }) => id))].join(", ");
  const from = bestRuns.length === 1 ? ids : `mean of ${bestRuns.length}: ${ids}`;
  const value = noise === undefined ? figures(best) : withError(best, noise.std / Math.sqrt(bestRuns.length));
  return `best ${headed(objective)}: ${value} at ${settings.join(", ")} (${from})`;
}

/** Which open suggestions the space does not allow any more; undefined where it allows all. */
export function outsideText(state: CampaignState): string | undefined {
  const outside = openOutside(state);
  if (outside.length === 0) return undefined;
  const list = outside.map(({ id, why }) => `${id} (${why})`).join(", ");
  return `open, though not to be asked for any more: ${list}; tell ${outside.length === 1 ? "it" : "them"} as withdrawn if nobody makes ${outside.length === 1 ? "it" : "them"}`;
}

/** What `campaign status` prints. */
export function statusText(journal: string, state: CampaignState): string {
  const of = (status: string): readonly string[] =>
    state.experiments.filter((experiment) => experiment.status === status).map(({ id }) => id);
  const withdrawn = of("withdrawn").length;
  const lines = [
    `${journal}: ${counted(state.nEntries, "entry").replace("entrys", "entries")} since ${state.createdAt.slice(0, 10)}`,
    `wanted: ${goalTexts(state).join("; ")}`,
    `experiments: ${of("ok").length} with results, ${of("failed").length} failed, ${of("pending").length} open${withdrawn > 0 ? `, ${withdrawn} withdrawn` : ""}`,
    progressText(state),
    ...state.outcomes.flatMap(({ name, unit }) => {
      const noise = replicateNoise(state, name);
      if (noise === undefined) return [];
      const std = `${figures(Number(noise.std.toPrecision(3)))}${unit === "" ? "" : ` ${displayUnit(unit)}`}`;
      return [
        `noise of ${name}: ${std} from replicates (${noise.degreesOfFreedom} ${noise.degreesOfFreedom === 1 ? "degree" : "degrees"} of freedom)`,
      ];
    }),
    ...state.changes.map((change) => `changed in ${changeText(change)}`),
  ];
  const stop = stopText(state);
  if (stop !== undefined) lines.push(stop);
  const open = state.experiments.filter(({ status }) => status === "pending");
  if (open.length > 0) {
    const rows = open.map(({ id, settings }) => [
      id,
      ...shownInputs(state).map((input) => shownSetting(input, settings)),
    ]);
    const outside = outsideText(state);
    if (outside !== undefined) lines.push(outside);
    lines.push("", "open:", textTable(["id", ...shownInputs(state).map(headed)], rows));
  }
  return lines.join("\n");
}
