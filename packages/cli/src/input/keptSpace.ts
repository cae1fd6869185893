import { isMateriomeError } from "@materiome/core";
import { keepTogether, parseVariable, type SearchSpace } from "@materiome/inverse";

export interface KeptSpaceOptions {
  /** Texts of `--vary`, of which those with a step keep it. */
  readonly vary?: readonly string[] | undefined;
  /** True for a space of a file or a journal: its steps stay too, other than those that were filled in, which count from 0. */
  readonly isGiven?: boolean | undefined;
}

/**
 * The space with what `--keep` says in addition. Steps that somebody asked for stay; the others of a sum get one common step.
 *
 * @throws the errors of `keepTogether`, with the name of the option
 */
export function keptSpace(
  space: SearchSpace,
  texts: readonly string[] = [],
  { vary = [], isGiven = false }: KeptSpaceOptions = {},
): SearchSpace {
  if (texts.length === 0) return space;
  const asked = new Set(vary.filter((text) => /\bstep\s/i.test(text)).map((text) => parseVariable(text).name));
  const keptSteps = new Set(
    space.variables.flatMap((variable) => {
      const isFilledIn = variable.kind === "continuous" && variable.origin === 0;
      return asked.has(variable.name) || (isGiven && !isFilledIn) ? [variable.name] : [];
    }),
  );
  try {
    return keepTogether(space, texts, { keptSteps });
  } catch (error) {
    if (isMateriomeError(error) && error.message.startsWith('keep "')) error.message = `--${error.message}`;
    throw error;
  }
}
