import { StoredReader } from "@materiome/core";
import type { Fidelity } from "../objective/fidelity.ts";
import type { Objective } from "../objective/objective.ts";
import { readSpace } from "../space/spaceJson.ts";
import type { Spec } from "../spec/spec.ts";
import type { Disturbance } from "../suggest/options.ts";
import type { ExpectedOutcome, ScatteredOutcome } from "../suggest/suggestion.ts";
import type {
  AskEntry,
  AskedExperiment,
  ChangeEntry,
  EntryBody,
  JournalEntry,
  StartEntry,
  TellEntry,
  ToldResult,
  Values,
} from "./entry.ts";

/**
 * An entry from JSON, checked.
 *
 * @param where - names the entry in messages
 * @throws FormatError naming what is missing or wrong
 * @throws IncompatibleError for a journal of another version
 */
export function readEntry(data: unknown, where: string): JournalEntry {
  const read = new StoredReader(`campaign journal, ${where}`);
  const entry = read.record(data, "the entry");
  const n = read.number(entry["n"], "n");
  const at = read.text(entry["at"], "at");
  const kind = read.oneOf(entry["kind"], ["start", "ask", "tell", "change", "accept", "repair"] as const, "kind");
  return { n, at, ...READERS[kind](entry, read) };
}

type Fields = Readonly<Record<string, unknown>>;

const READERS: Readonly<Record<EntryBody["kind"], (entry: Fields, read: StoredReader) => EntryBody>> = {
  start: startOf,
  ask: askOf,
  tell: tellOf,
  change: changeOf,
  accept: (entry, read) => ({
    kind: "accept",
    entries: read.list(entry["entries"], "entries").map((n) => read.number(n, "entries")),
    digest: read.text(entry["digest"], "digest"),
  }),
  repair: (entry, read) => ({ kind: "repair", dropped: read.text(entry["dropped"], "dropped") }),
};

function startOf(entry: Fields, read: StoredReader): StartEntry {
  const format = read.oneOf(entry["format"], ["materiome-campaign"] as const, "format");
  const version = read.oneOf(entry["version"], [1] as const, "version (a newer release may have written it)");
  return {
    kind: "start",
    format,
    version,
    seed: read.number(entry["seed"], "seed"),
    space: spaceJson(entry["space"]),
    objectives: objectivesOf(entry["objectives"], read),
    constraints: constraintsOf(entry["constraints"], read),
    ...(entry["fidelity"] === undefined ? {} : { fidelity: fidelityOf(entry["fidelity"], read) }),
    ...(entry["disturbance"] === undefined ? {} : { disturbance: disturbanceOf(entry["disturbance"], read) }),
    note: read.optionalText(entry["note"], "note"),
  };
}

function fidelityOf(data: unknown, read: StoredReader): Fidelity {
  const { name, costs } = read.record(data, "fidelity");
  const list = Object.entries(read.record(costs, "fidelity.costs"));
  return {
    name: read.text(name, "fidelity.name"),
    costs: Object.fromEntries(list.map(([level, cost]) => [level, read.number(cost, `fidelity.costs.${level}`)])),
  };
}

function disturbanceOf(data: unknown, read: StoredReader): Disturbance {
  const { deviations, counts, samples } = read.record(data, "disturbance");
  return {
    deviations: numbersOf(deviations, "disturbance.deviations", read),
    ...(counts === undefined ? {} : { counts: read.oneOf(counts, ["mean", "worst"] as const, "disturbance.counts") }),
    ...(samples === undefined ? {} : { samples: read.number(samples, "disturbance.samples") }),
  };
}

function changeOf(entry: Fields, read: StoredReader): ChangeEntry {
  const { space, objectives, constraints, disturbance, assume } = entry;
  return {
    kind: "change",
    ...(space === undefined ? {} : { space: spaceJson(space) }),
    ...(objectives === undefined ? {} : { objectives: objectivesOf(objectives, read) }),
    ...(constraints === undefined ? {} : { constraints: constraintsOf(constraints, read) }),
    ...(disturbance === undefined
      ? {}
      : { disturbance: disturbance === null ? null : disturbanceOf(disturbance, read) }),
    ...(assume === undefined ? {} : { assume: valuesOf(assume, "assume", read) }),
    note: read.optionalText(entry["note"], "note"),
  };
}

function askOf(entry: Fields, read: StoredReader): AskEntry {
  return {
    kind: "ask",
    suggestions: read.list(entry["suggestions"], "suggestions").map((item) => askedOf(item, read)),
    notes: read.texts(entry["notes"], "notes"),
    ...(entry["fixed"] === undefined ? {} : { fixed: valuesOf(entry["fixed"], "fixed", read) }),
    ...(entry["shared"] === undefined ? {} : { shared: read.texts(entry["shared"], "shared") }),
    ...optionalNumbers(entry, ["expectedGain", "noiseGain", "noiseStd"], read),
  };
}

function scatteredOf(data: unknown, read: StoredReader): ScatteredOutcome[] {
  return read.list(data, "underScatter").map((outcome) => {
    const { name, mean, std } = read.record(outcome, "underScatter");
    return {
      name: read.text(name, "underScatter.name"),
      mean: read.number(mean, "underScatter.mean"),
      std: read.number(std, "underScatter.std"),
    };
  });
}

function askedOf(data: unknown, read: StoredReader): AskedExperiment {
  const item = read.record(data, "a suggestion");
  const nearest = item["nearest"] === undefined ? undefined : read.record(item["nearest"], "nearest");
  return {
    id: read.text(item["id"], "id of a suggestion"),
    settings: valuesOf(item["settings"], "settings", read),
    method: read.text(item["method"], "method"),
    expected: read.list(item["expected"], "expected").map((outcome) => expectedOf(outcome, read)),
    ...(item["underScatter"] === undefined ? {} : { underScatter: scatteredOf(item["underScatter"], read) }),
    feasibleProbability: read.number(item["feasibleProbability"], "feasibleProbability"),
    ...optionalNumbers(item, ["acquisition", "exploitShare"], read),
    ...(nearest === undefined
      ? {}
      : {
          nearest: {
            id: read.text(nearest["id"], "nearest.id"),
            distance: read.number(nearest["distance"], "nearest.distance"),
          },
        }),
    variables: read.list(item["variables"], "variables").map((part) => {
      const share = read.record(part, "variables");
      return {
        name: read.text(share["name"], "variables.name"),
        share: read.number(share["share"], "variables.share"),
      };
    }),
  };
}

function expectedOf(data: unknown, read: StoredReader): ExpectedOutcome {
  const outcome = read.record(data, "expected");
  const number = (key: string): number => read.number(outcome[key], `expected.${key}`);
  return {
    name: read.text(outcome["name"], "expected.name"),
    unit: read.text(outcome["unit"], "expected.unit"),
    mean: number("mean"),
    std: number("std"),
    lower: number("lower"),
    upper: number("upper"),
  };
}

function tellOf(entry: Fields, read: StoredReader): TellEntry {
  return {
    kind: "tell",
    results: read.list(entry["results"], "results").map((item) => toldOf(item, read)),
    source: read.optionalText(entry["source"], "source"),
  };
}

function toldOf(data: unknown, read: StoredReader): ToldResult {
  const item = read.record(data, "a result");
  const { noiseStd, replaces } = item;
  return {
    id: read.text(item["id"], "id of a result"),
    status: read.oneOf(item["status"], ["ok", "failed", "pending", "withdrawn"] as const, "status"),
    settings: valuesOf(item["settings"], "settings", read),
    outcomes: numbersOf(item["outcomes"], "outcomes", read),
    ...(noiseStd === undefined ? {} : { noiseStd: numbersOf(noiseStd, "noiseStd", read) }),
    ...(replaces === undefined ? {} : { replaces: read.texts(replaces, "replaces") }),
    note: read.optionalText(item["note"], "note"),
  };
}

function objectivesOf(data: unknown, read: StoredReader): readonly Objective[] {
  return read.list(data, "objectives").map((item) => {
    const objective = read.record(item, "an objective");
    return {
      name: read.text(objective["name"], "name of an objective"),
      unit: read.text(objective["unit"], "unit of an objective"),
      direction: read.oneOf(objective["direction"], ["maximize", "minimize"] as const, "direction of an objective"),
    };
  });
}

function constraintsOf(data: unknown, read: StoredReader): readonly Spec[] {
  return read.list(data, "constraints").map((item) => {
    const spec = read.record(item, "a constraint");
    return {
      target: read.text(spec["target"], "target of a constraint"),
      unit: read.text(spec["unit"], "unit of a constraint"),
      relation: read.oneOf(spec["relation"], [">=", "<=", "between"] as const, "relation of a constraint"),
      ...optionalNumbers(spec, ["low", "high"], read),
    };
  });
}

/** Kept as it stands once it is known to be a space: the journal shows what was written. */
function spaceJson(data: unknown): StartEntry["space"] {
  readSpace(data);
  return data as StartEntry["space"];
}

function valuesOf(data: unknown, what: string, read: StoredReader): Values {
  const values = read.record(data, what);
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "string") read.number(value, `${what}, "${name}"`);
  }
  return values as Values;
}

function numbersOf(data: unknown, what: string, read: StoredReader): Readonly<Record<string, number>> {
  const values = read.record(data, what);
  for (const [name, value] of Object.entries(values)) read.number(value, `${what}, "${name}"`);
  return values as Readonly<Record<string, number>>;
}

function optionalNumbers<K extends string>(
  data: Fields,
  keys: readonly K[],
  read: StoredReader,
): { readonly [key in K]?: number } {
  const present = keys.filter((key) => data[key] !== undefined);
  return Object.fromEntries(present.map((key) => [key, read.number(data[key], key)])) as { [key in K]?: number };
}
