import { rm } from "node:fs/promises";
import { inputColumnsFor, resolveColumn, rowAt, type Table, writeFileAtomic } from "@materiome/core";
import {
  createCampaign,
  createSpace,
  describeSpec,
  type Fidelity,
  type NewResult,
  type Objective,
  outcomesOf,
  parseConstraint,
  parseFidelity,
  parseFixed,
  parseObjective,
  parseVariable,
  resultsFromTable,
  type SearchSpace,
  type Spec,
  spaceFromTable,
  tellCampaign,
  undeclaredSumNotes,
  writeSpace,
} from "@materiome/inverse";
import { campaignScatter, type ScatterOptions } from "../input/campaignScatter.ts";
import { campaignSettings, withFixed } from "../input/campaignSettings.ts";
import { groupColumns, groupsInHand } from "../input/groupsInHand.ts";
import { keptSpace } from "../input/keptSpace.ts";
import { readSpaceFile } from "../input/readSpaceFile.ts";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import { namingSumOptions } from "../output/namingSumOptions.ts";
import { deadLevelNotes, numericLevelNotes, objectiveTexts, spaceText } from "../report/campaignText.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import { counted, figures } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { versions } from "../version.ts";

export interface CampaignNewOptions extends CommonOptions, TableOptions, ScatterOptions {
  readonly objective: readonly string[];
  readonly constraint?: readonly string[];
  readonly vary?: readonly string[];
  readonly fix?: readonly string[];
  readonly table?: string;
  readonly like?: number;
  readonly rangesOnly?: boolean;
  readonly keep?: readonly string[];
  readonly space?: string;
  readonly writeSpace?: string;
  readonly fidelity?: string;
  readonly note?: string;
}

/** `materiome campaign new JOURNAL`: the space from --vary, a table or a file; results of the table are told. */
export async function runCampaignNewCommand(
  journal: string,
  options: CampaignNewOptions,
  session: Session,
): Promise<void> {
  const table =
    options.table === undefined ? undefined : (await readTableArgument(options.table, options, session)).table;
  const objectives = options.objective.map((text) => inUnitOf(table, parseObjective(text)));
  const constraints = parseConstraints(options.constraint ?? [], objectives);
  const measured = outcomesOf(objectives, constraints).map(({ name }) => name);
  const at = new Date().toISOString();
  const fidelity = options.fidelity === undefined ? undefined : parseFidelity(options.fidelity);
  const given = keptSpace(await spaceOf(options, table, measured), options.keep, {
    vary: options.vary,
    isGiven: options.space !== undefined,
  });
  const space = fidelity === undefined ? given : withVersion(given, fidelity);
  const disturbance = campaignScatter(space, options) ?? undefined;
  if (options.writeSpace !== undefined) {
    await writeFileAtomic(options.writeSpace, `${JSON.stringify(writeSpace(space), null, 2)}\n`);
    session.note(`search space written to ${options.writeSpace}`);
  }
  let campaign = await createCampaign(
    journal,
    { space, objectives, constraints, fidelity, disturbance, seed: session.seed, note: options.note },
    { at, signal: session.signal },
  );
  const notes = [
    ...numericLevelNotes(space),
    ...deadLevelNotes(space),
    ...(table === undefined ? [] : undeclaredSumNotes(table, space)),
  ];
  let nTold = 0;
  if (table !== undefined && options.rangesOnly !== true) {
    try {
      const { results, notes: read } = resultsFromTable(campaign.state, table);
      const own = results.map(ownName);
      const told = await tellCampaign(campaign, own, { at, source: options.table, signal: session.signal });
      notes.push(...read, ...told.notes, ...unusedGroups(table, campaign.state.space));
      nTold = told.nTold;
      campaign = told.campaign;
    } catch (error) {
      // Half a journal would be in the way of the next try.
      await rm(journal);
      throw error;
    }
  }
  session.result({
    journal,
    objectives,
    constraints,
    fidelity,
    disturbance,
    space,
    nTold,
    notes,
    seed: session.seed,
    versions: versions(),
  });
  session.output(`${journal}: ${objectiveTexts(campaign.state).join(", ")}`);
  for (const spec of constraints) session.say(`  ${describeSpec(spec)}`);
  session.say(spaceText(campaign.state.space));
  if (fidelity !== undefined) {
    const costs = Object.entries(fidelity.costs).map(([level, cost]) => `${level} at ${figures(cost)}`);
    session.say(
      `  cost  of ${fidelity.name}: ${costs.join(", ")}; each suggestion is for the one that gains most per cost`,
    );
  }
  if (table !== undefined) session.say(`  ${counted(nTold, "result")} of ${options.table} told`);
  for (const note of notes) session.note(`note: ${namingSumOptions(note)}`);
  session.note(`seed ${session.seed}; next: materiome campaign ask ${journal}`);
}

/** An objective that names no unit has that of its column. */
function inUnitOf(table: Table | undefined, objective: Objective): Objective {
  const column = table?.columns.find(({ name }) => name === objective.name);
  return objective.unit === "" && column !== undefined ? { ...objective, unit: column.unit } : objective;
}

/** An experiment that another campaign suggested is none of this one's suggestions, which have such names. */
function ownName(result: NewResult): NewResult {
  return /^\s*S\d+\s*$/.test(result.id ?? "") ? { ...result, id: `earlier ${result.id?.trim()}` } : result;
}

/** Rows of different heats count as if they were of one where nothing says which is in hand. */
function unusedGroups(table: Table, { variables, fixed }: SearchSpace): readonly string[] {
  const inputs = [...variables, ...fixed].map(({ name }) => name);
  return groupColumns(table)
    .filter(({ name }) => !inputs.includes(name))
    .map(
      ({ name }) => `"${name}" is left aside; where it matters, say which is in hand (--fix "${name}=…" or --like ROW)`,
    );
}

/** The version that counts is given, unless --fix or the table says so already. */
function withVersion(space: SearchSpace, { name, costs }: Fidelity): SearchSpace {
  const [first = ""] = Object.keys(costs);
  if (space.fixed.some((input) => input.name === name)) return space;
  return createSpace({ ...space, fixed: [...space.fixed, parseFixed(`${name}=${first}`)] });
}

/** Constraints in order; each may name an outcome that an earlier one brought in. */
export function parseConstraints(
  texts: readonly string[],
  objectives: Parameters<typeof outcomesOf>[0],
): readonly Spec[] {
  const specs: Spec[] = [];
  for (const text of texts) specs.push(parseConstraint(text, outcomesOf(objectives, specs)));
  return specs;
}

async function spaceOf(
  options: CampaignNewOptions,
  table: Table | undefined,
  measured: readonly string[],
): Promise<SearchSpace> {
  const { vary = [], fix = [] } = options;
  if (options.space !== undefined) {
    if (table !== undefined && options.rangesOnly === true)
      throw new UsageError("--space leaves nothing of --table to take");
    const space = await readSpaceFile(options.space);
    if (vary.length > 0) throw new UsageError("--space holds what may be turned; leave out --vary, or edit the file");
    return createSpace(withFixed(space, campaignSettings(space, fix, "--fix")));
  }
  const defined = vary.filter((text) => text.includes("=")).map(parseVariable);
  if (table === undefined) {
    const column = vary.find((text) => !text.includes("="));
    if (column !== undefined) {
      throw new UsageError(`--vary "${column}": without --table its range is needed, as in "${column}=500..700"`);
    }
    if (defined.length === 0) throw new UsageError("say what may be turned: --vary, --table or --space");
    return createSpace({ variables: defined, fixed: fix.map(parseFixed), sums: [] });
  }
  const targets = measured.filter((name) => table.has(name));
  // "ok" and "failed" say how an experiment ended, and are no setting.
  const inputs = inputColumnsFor(table, targets).filter(({ name }) => name.toLowerCase() !== "status");
  const context = options.like === undefined ? undefined : rowAt(table, options.like);
  if (options.like !== undefined && context === undefined) {
    throw new UsageError(`--like ${options.like}: the table has no such row`);
  }
  const fixed = Object.fromEntries(fix.map((text) => fixedPair(text, table)));
  const groups = groupsInHand(table, fixed, context);
  const isGroup = (name: string): boolean => groups.some((group) => group.name === name);
  const space = spaceFromTable(table, {
    inputs,
    fix: Object.fromEntries(Object.entries(fixed).filter(([name]) => !isGroup(name))),
    vary: vary.filter((text) => !text.includes("=")).map((name) => resolveColumn(table, name).name),
    defined,
    context,
  });
  return createSpace({ ...space, fixed: [...space.fixed, ...groups] });
}

function fixedPair(text: string, table: Table): readonly [string, string] {
  const equals = text.indexOf("=");
  if (equals <= 0) throw new UsageError(`--fix "${text}": write COL=VALUE, for example --fix "C=0.4 wt%"`);
  return [resolveColumn(table, text.slice(0, equals)).name, text.slice(equals + 1).trim()];
}
