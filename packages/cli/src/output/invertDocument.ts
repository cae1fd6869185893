import type { TableModel } from "@materiome/core";
import type { Candidate, InversionResult, Refusal, Route, Setting, Tolerance } from "@materiome/inverse";

type Values = Readonly<Record<string, number | string>>;

/** A candidate as `invert --json` prints it: settings by column name, all inputs of the model, ready to be predicted. */
export interface CandidateDocument extends Omit<Candidate, "settings" | "nearestSample"> {
  readonly settings: Values;
  readonly nearestSample: {
    /** Row of the training file, the header being row 1. */
    readonly row: number;
    readonly distance: number;
    readonly settings: Values;
    readonly measured: Readonly<Record<string, number | null>>;
  };
}

/** What `invert --json` prints: the result with settings as objects; `varied` and `units` speak of them. */
export interface InvertDocument extends Omit<InversionResult, "candidates" | "refused" | "routes"> {
  readonly candidates: readonly (CandidateDocument & Tolerance)[];
  readonly routes: readonly (Omit<Route, "representative"> & {
    readonly representative: CandidateDocument & Tolerance;
  })[];
  readonly refused: (Omit<Refusal, "best"> & { readonly best: CandidateDocument | undefined }) | undefined;
  readonly varied: readonly string[];
  readonly units: Readonly<Record<string, string>>;
}

export function invertDocument(result: InversionResult, model: TableModel): InvertDocument {
  const { candidates, refused, fixed, routes } = result;
  const given = valuesOf(fixed);
  const knobs = candidates[0]?.settings ?? refused?.best?.settings ?? [];
  const convert = <C extends Candidate>(candidate: C): Omit<C, "settings" | "nearestSample"> & CandidateDocument => {
    const { settings, nearestSample, ...scores } = candidate;
    return {
      settings: { ...valuesOf(settings), ...given },
      ...scores,
      nearestSample: {
        row: model.training.rowNumber(nearestSample.row),
        distance: nearestSample.distance,
        settings: valuesOf(nearestSample.settings),
        measured: Object.fromEntries(
          nearestSample.measured.map(({ target, value }) => [target, Number.isFinite(value) ? value : null]),
        ),
      },
    };
  };
  const document = {
    ...result,
    candidates: candidates.map(convert),
    routes: routes.map((route) => ({ ...route, representative: convert(route.representative) })),
    varied: knobs.map((knob) => knob.name),
    units: Object.fromEntries([...knobs, ...fixed].map(({ name, unit }) => [name, unit])),
    refused: undefined,
  };
  if (refused === undefined) return document;
  return { ...document, refused: { ...refused, best: refused.best === undefined ? undefined : convert(refused.best) } };
}

function valuesOf(settings: readonly Pick<Setting, "name" | "value">[]): Values {
  return Object.fromEntries(settings.map(({ name, value }) => [name, value]));
}
