import { isThere, openCheckpoint } from "../nets/checkpoint.ts";
import { percent } from "../terminal/figures.ts";
import type { Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { type HeldOutPart, type ImageScores, predictHeldOut, scoreParts } from "./heldOutImages.ts";
import type { ImageSamples } from "./imageSamples.ts";
import type { PreparedImages } from "./prepareImages.ts";
import type { ImageRole } from "./splitSamples.ts";
import { type ImageNetSettings, trainImageNet } from "./trainImageNet.ts";

/** Scores of one fold; of classes or of values. */
export interface FoldScore {
  readonly fold: number;
  readonly n: number;
  readonly accuracy?: number;
  readonly balancedAccuracy?: number;
  readonly logLoss?: number | null;
  readonly values?: readonly {
    readonly name: string;
    readonly mae: number;
    readonly rmse: number;
    readonly r2: number | null;
  }[];
}

export interface CrossValidation {
  readonly parts: readonly HeldOutPart[];
  readonly scores: readonly FoldScore[];
  readonly warnings: readonly string[];
  readonly text: string;
  /** Checkpoints of the folds, when all is done. */
  remove(): Promise<void>;
}

interface Training {
  readonly found: ImageSamples;
  readonly prepared: PreparedImages;
  readonly folds: readonly (readonly ImageRole[])[];
  readonly settings: ImageNetSettings;
}

/** A network for each fold, which is then asked for the images that it has not seen. What was stopped goes on in the fold where it was. */
export async function crossValidate(
  { found, prepared, folds, settings }: Training,
  kept: { readonly out: string; readonly checkpoint: Readonly<Record<string, unknown>>; readonly isResumed: boolean },
  session: Session,
): Promise<CrossValidation> {
  const parts: HeldOutPart[] = [];
  const scores: FoldScore[] = [];
  const warnings: string[] = [];
  const removals: (() => Promise<void>)[] = [];
  for (const [fold, roles] of folds.entries()) {
    const path = `${kept.out}.fold-${fold + 1}.checkpoint.json`;
    const isBegun = fold === 0 || (await isThere(path));
    const keeper = await openCheckpoint(
      path,
      "materiome/images-train-checkpoint",
      { ...kept.checkpoint, fold },
      kept.isResumed && isBegun,
    );
    const trained = await trainImageNet(found, prepared, roles, settings, keeper, session, fold).catch(
      async (error: unknown) => {
        const done = session.signal.aborted ? await keeper.save() : 0;
        if (done > 0) {
          session.note(
            `${done} of ${settings.epochs} epochs of fold ${fold + 1} of ${folds.length} are kept; the same command with --resume goes on`,
          );
        }
        throw error;
      },
    );
    await keeper.save();
    removals.push(keeper.remove);
    warnings.push(...trained.warnings.map((text) => `fold ${fold + 1}: ${text}`));
    const part = await predictHeldOut(trained, found, prepared, roles, session, fold);
    parts.push(part);
    const labels = trained.kind === "classes" ? trained.network.labels : [];
    const score = foldScore(fold + 1, part, scoreParts([part], labels, found, prepared).document);
    scores.push(score);
    session.note(
      `fold ${fold + 1} of ${folds.length}, ${score.n} images held out: ${lineOf(score).slice(2).join(", ")}`,
    );
  }
  return {
    parts,
    scores,
    warnings,
    text: foldTable(scores),
    async remove() {
      for (const remove of removals) await remove();
    },
  };
}

function foldScore(fold: number, part: HeldOutPart, { heldOut, heldOutValues }: ImageScores): FoldScore {
  const n = part.asked.length;
  if (heldOut !== undefined) {
    const { accuracy, balancedAccuracy, logLoss } = heldOut;
    return { fold, n, accuracy, balancedAccuracy, logLoss };
  }
  const values = (heldOutValues ?? []).map(({ name, mae, rmse, r2 }) => ({ name, mae, rmse, r2 }));
  return { fold, n, values };
}

function lineOf({ fold, n, accuracy, balancedAccuracy, logLoss, values = [] }: FoldScore): string[] {
  const first = [String(fold), String(n)];
  if (accuracy !== undefined) {
    const rest = [percent(accuracy), percent(balancedAccuracy ?? null), logLoss?.toFixed(3) ?? "∞"];
    return [...first, ...rest];
  }
  return [...first, ...values.map(({ mae }) => mae.toPrecision(3))];
}

function foldTable(scores: readonly FoldScore[]): string {
  const names = scores.find(({ values = [] }) => values.length > 0)?.values?.map(({ name }) => `MAE ${name}`);
  return textTable(["fold", "images", ...(names ?? ["accuracy", "balanced", "log loss"])], scores.map(lineOf));
}
