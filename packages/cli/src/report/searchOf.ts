import type { Json } from "@materiome/core";
import { displayUnit } from "../terminal/displayUnit.ts";
import { percent, threeFigures } from "../terminal/figures.ts";
import { textTable } from "../terminal/textTable.ts";
import { type Html, paragraph, table } from "./page.ts";
import { withUnit } from "./trainedSource.ts";

/** What a learner that searches has tried, and why it chose. */
export interface Search {
  /** What it chose and why, in one sentence without an end. */
  readonly chosen: string;
  /** Heads of the two scores. */
  readonly scores: readonly [string, string];
  /** Name and two scores of each, best first. */
  readonly tried: readonly (readonly [string, string, string])[];
  readonly notTried: readonly { readonly name: string; readonly reason: string }[];
  /** How many settings were proposed by a model of those tried before; they are marked. */
  readonly nProposed: number;
  /** Quotients of amounts that learners chosen were given beside the features. */
  readonly quotients: readonly { readonly name: string; readonly quotients: readonly string[] }[];
  /** What stood in the gaps for learners chosen that take none: a value, in so many rows, for each feature. */
  readonly filled: readonly { readonly name: string; readonly features: readonly FilledFeature[] }[];
}

interface FilledFeature {
  readonly feature: string;
  readonly value: number;
  readonly missing: number;
}

interface SearchReport {
  readonly chosen?: unknown;
  readonly reason?: unknown;
  readonly criterion?: unknown;
  /** On rows of each inner fold by what the others choose, in units of the target. */
  readonly heldOutError?: unknown;
  readonly tried?: readonly Trial[];
  readonly quotients?: Search["quotients"];
  /** By learner, or of a search all of whose learners see the same. */
  readonly filled?: Search["filled"] | readonly FilledFeature[];
  readonly notTried?: readonly (Search["notTried"][number] & Pick<Trial, "proposed">)[];
}

interface Trial {
  readonly name: string;
  readonly rmse?: number;
  readonly mae?: number;
  /** Null: no inner fold left two classes to learn. */
  readonly logLoss?: number | null;
  readonly accuracy?: number;
  /** Settings chosen by what had been tried before. */
  readonly proposed?: boolean;
}

/** The search in the report of a model; undefined for a learner that searches nothing. */
export function searchOf(report: Json | undefined, unit = ""): Search | undefined {
  const { chosen, reason, tried = [], notTried = [], quotients = [], filled = [] } = (report ?? {}) as SearchReport;
  const held = heldOutText((report ?? {}) as SearchReport, unit);
  if (typeof chosen !== "string") return undefined;
  const isOfClasses = tried.some(({ accuracy }) => accuracy !== undefined);
  const figure = (value: number | null | undefined): string =>
    value === undefined || value === null ? "–" : threeFigures(value);
  return {
    chosen: [chosen, ...(typeof reason === "string" ? [reason] : []), ...held].join("; "),
    scores: isOfClasses ? ["log loss", "accuracy"] : [withUnit("RMSE", unit), withUnit("MAE", unit)],
    tried: tried.map(({ name, rmse, mae, logLoss, accuracy, proposed }) =>
      isOfClasses
        ? [name, figure(logLoss), percent(logLoss === null ? null : (accuracy ?? null))]
        : [marked(name, proposed), figure(rmse), figure(mae)],
    ),
    notTried: notTried.map(({ name, reason, proposed }) => ({ name: marked(name, proposed), reason })),
    nProposed: [...tried, ...notTried].filter(({ proposed }) => proposed === true).length,
    quotients,
    filled: filled.every(isByLearner)
      ? filled
      : [{ name: "each learner", features: filled as readonly FilledFeature[] }],
  };
}

function heldOutText({ heldOutError, criterion }: SearchReport, unit: string): string[] {
  if (typeof heldOutError !== "number") return [];
  const error = [
    criterion === "absolute" ? "MAE" : "RMSE",
    threeFigures(heldOutError),
    ...(unit === "" ? [] : [displayUnit(unit)]),
  ];
  return [`${error.join(" ")} on rows of each inner fold where the others choose`];
}

function isByLearner(entry: Search["filled"][number] | FilledFeature): entry is Search["filled"][number] {
  return "features" in entry;
}

/**
 * What learners chosen saw that is not in the table: `quotient-extra-trees also sees water / (cement + slag)`, and
 * `ridge sees medians in place of gaps: grain size 12.5 (57 rows)`, a line for each.
 */
export function seenTexts({ quotients, filled }: Pick<Search, "quotients" | "filled">): string[] {
  return [
    ...quotients.map(({ name, quotients: own }) => `${name} also sees ${own.join(", ")}`),
    ...filled.map(({ name, features }) => `${name} sees medians in place of gaps, and marks: ${gapText(features)}`),
  ];
}

function gapText(features: readonly FilledFeature[]): string {
  const most = features.toSorted((a, b) => b.missing - a.missing).slice(0, MOST_GAPS);
  const texts = most.map(({ feature, value, missing }) => {
    return `${feature} ${threeFigures(value)} (${missing} ${missing === 1 ? "row" : "rows"})`;
  });
  const more = features.length - most.length;
  return [...texts, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function marked(name: string, proposed: boolean | undefined): string {
  return proposed === true ? `${name} *` : name;
}

function proposedText(nProposed: number): string {
  return `* proposed by a model of the inner errors seen before (expected improvement): ${nProposed} settings; the others are defaults or drawn`;
}

/** How the reasons of what a number of trials cuts begin. */
const BEYOND = "beyond the budget";
/** Features with gaps that are named, those with most first. */
const MOST_GAPS = 5;
const MOST_ON_A_PAGE = 12;
const MOST_ON_A_TERMINAL = 5;

/** The search as parts of a page. */
export function searchParts(search: Search, name: string): Html[] {
  const { chosen, scores, tried, notTried, nProposed } = search;
  const more = tried.length - MOST_ON_A_PAGE;
  return [
    paragraph(`Learner of ${name}: ${chosen}.`),
    ...seenTexts(search).map((text) => paragraph(`${text}.`)),
    table(["tried inside the training rows", ...scores], tried.slice(0, MOST_ON_A_PAGE)),
    ...(nProposed > 0 ? [paragraph(`${proposedText(nProposed)}.`)] : []),
    ...(more > 0 ? [paragraph(`${more} more did worse.`)] : []),
    ...(notTried.length > 0 ? [paragraph(`Not tried, or not to the end: ${byReason(notTried)}.`)] : []),
  ];
}

/** `a, b (too long); c (beyond the budget)`: each reason once. */
function byReason(notTried: Search["notTried"]): string {
  const names = new Map<string, string[]>();
  for (const { name, reason } of notTried) names.set(reason, [...(names.get(reason) ?? []), name]);
  return [...names].map(([reason, of]) => `${of.join(", ")} (${reason})`).join("; ");
}

/** The search as lines of a terminal: the best few, and how many did worse or were not tried. */
export function searchLines(search: Search, name: string): string[] {
  const { chosen, scores, tried, notTried, nProposed } = search;
  const cut = notTried.filter(({ reason }) => reason.startsWith(BEYOND));
  const more = [
    ...(tried.length > MOST_ON_A_TERMINAL ? [`${tried.length - MOST_ON_A_TERMINAL} more did worse`] : []),
    ...(notTried.length > 0 ? [`${notTried.length} not tried, or not to the end`] : []),
  ];
  return [
    `learner of ${name}: ${chosen}`,
    ...seenTexts(search),
    textTable(["tried inside the training rows", ...scores], tried.slice(0, MOST_ON_A_TERMINAL)),
    ...(nProposed > 0 ? [proposedText(nProposed)] : []),
    ...(cut.length > 0 ? [`left out (${cut[0]?.reason}): ${cut.map(({ name }) => name).join(", ")}`] : []),
    ...(more.length > 0 ? [`${more.join("; ")}: see report.html`] : []),
  ];
}
