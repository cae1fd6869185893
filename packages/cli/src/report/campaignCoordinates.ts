import { type CampaignState, type FixedInput, type Objective, runsOf, type SearchSpace } from "@materiome/inverse";
import { figures } from "../terminal/figures.ts";
import { headed, shownInputs } from "./campaignText.ts";
import { figure, type Html, html, section } from "./page.ts";
import { type ParallelAxis, type ParallelLine, parallelCoordinates } from "./plots/parallelCoordinates.ts";

type Variable = SearchSpace["variables"][number];

/** Every run and every open experiment as a line over all settings and outcomes. */
export function campaignCoordinates(state: CampaignState): Html {
  const open = state.experiments.filter(({ status }) => status === "pending");
  const items = [
    ...runsOf(state).map(({ id, status, settings, outcomes }) => ({ id, status, settings, outcomes })),
    ...open.map(({ id, settings }) => ({
      id,
      status: "open" as const,
      settings,
      outcomes: {} as Readonly<Record<string, number>>,
    })),
  ];
  const [objective] = state.objectives;
  const shades =
    objective === undefined
      ? []
      : shadesOf(
          objective,
          items.map(({ outcomes }) => outcomes[objective.name]),
        );
  const lines = items.map(
    ({ id, status }, i): ParallelLine => ({
      title: id,
      kind: status === "ok" ? "measured" : status,
      shade: shades[i],
    }),
  );
  const axes = [
    ...shownInputs(state).map((input) =>
      "value" in input
        ? givenAxis(
            input,
            items.map(({ settings }) => settings[input.name] ?? input.value),
          )
        : settingAxis(
            input,
            items.map(({ settings }) => settings[input.name]),
          ),
    ),
    ...state.outcomes.map((outcome) =>
      outcomeAxis(
        headed(outcome),
        items.map(({ outcomes }) => outcomes[outcome.name]),
      ),
    ),
  ];
  const svg = parallelCoordinates({ description: "all experiments over settings and outcomes", axes, lines });
  const colour = objective === undefined ? "" : `Bright: good ${objective.name}. `;
  return section(
    "Settings and outcomes together",
    figure(
      html(`<div class="scroll">${svg}</div>`),
      `${colour}Dashed red: open. Dotted grey: failed. Rest the pointer on a line for its name.`,
    ),
  );
}

/** 1 for the best measured value, 0 for the worst. */
function shadesOf(objective: Objective, values: readonly (number | undefined)[]): readonly (number | undefined)[] {
  const measured = values.filter((value) => value !== undefined);
  const [low, high] = [Math.min(...measured), Math.max(...measured)];
  return values.map((value) => {
    if (value === undefined) return undefined;
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return objective.direction === "maximize" ? share : 1 - share;
  });
}

function settingAxis(variable: Variable, values: readonly (number | string | undefined)[]): ParallelAxis {
  const own =
    variable.kind === "category" ? variable.levels : variable.kind === "ordinal" ? variable.labels : undefined;
  if (own !== undefined) return levelAxis(headed(variable), values, own);
  const isLog = variable.kind === "continuous" && variable.scale === "log";
  const numbers = values.map((value) => (value === undefined ? undefined : Number(value)));
  const ends =
    variable.kind === "ordinal" ? variable.values : variable.kind === "category" ? [] : [variable.min, variable.max];
  return numberAxis(headed(variable), numbers, isLog, ends);
}

/** Of an input that is given, and in which experiments differ. */
function givenAxis(input: FixedInput, values: readonly (number | string)[]): ParallelAxis {
  return input.columnKind === "number"
    ? numberAxis(headed(input), values.map(Number), false, [])
    : levelAxis(headed(input), values, [String(input.value)]);
}

function levelAxis(
  label: string,
  values: readonly (number | string | undefined)[],
  own: readonly string[],
): ParallelAxis {
  const others = values.filter((value) => value !== undefined).map(String);
  const levels = [...new Set([...own, ...others])];
  const place = (level: string): number => (levels.length < 2 ? 0.5 : levels.indexOf(level) / (levels.length - 1));
  return {
    label,
    positions: values.map((value) => (value === undefined ? undefined : place(String(value)))),
    ticks: levels.map((level) => ({ position: place(level), text: level })),
  };
}

function outcomeAxis(label: string, values: readonly (number | undefined)[]): ParallelAxis {
  return numberAxis(label, values, false, []);
}

function numberAxis(
  label: string,
  values: readonly (number | undefined)[],
  isLog: boolean,
  ends: readonly number[],
): ParallelAxis {
  const all = [...values.filter((value) => value !== undefined), ...ends];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const on = isLog && low > 0 ? Math.log : (value: number): number => value;
  const place = (value: number): number => (high > low ? (on(value) - on(low)) / (on(high) - on(low)) : 0.5);
  const middle = isLog && low > 0 ? Math.sqrt(low * high) : (low + high) / 2;
  const ticks = (high > low ? [low, middle, high] : all.slice(0, 1)).map((value) => ({
    position: place(value),
    text: figures(Number(value.toPrecision(3))),
  }));
  return { label, positions: values.map((value) => (value === undefined ? undefined : place(value))), ticks };
}
