import { describe, expect, it } from "vitest";
import { searchLines, searchOf, searchParts } from "../../src/report/searchOf.ts";

const tried = Array.from({ length: 14 }, (_, i) => ({ name: `forest ${i}`, rmse: 10 + i, mae: 5 + i }));

describe("searchOf", () => {
  it("is undefined for a learner that searches nothing", () => {
    expect(searchOf(undefined)).toBeUndefined();
    expect(searchOf(null)).toBeUndefined();
    expect(searchOf({ nTrees: 100 })).toBeUndefined();
  });

  it("shows the best on a terminal and says how many did worse", () => {
    const notTried = [
      { name: "pls", reason: "9 rows" },
      { name: "mlp", reason: "late" },
      { name: "law", reason: "9 rows" },
    ];
    const report = { chosen: "forest 0", reason: "least", tried, notTried };
    const search = searchOf(report, "MPa");
    if (search === undefined) throw new Error("a search");
    expect(searchLines(search, "strength").join("\n").split("\n")).toEqual([
      "learner of strength: forest 0; least",
      "tried inside the training rows  RMSE (MPa)  MAE (MPa)",
      expect.stringMatching(/^─+ {2}─+ {2}─+$/),
      ...[0, 1, 2, 3, 4].map((i) => expect.stringMatching(new RegExp(`^forest ${i} +${10 + i} +${5 + i}$`))),
      "9 more did worse; 3 not tried, or not to the end: see report.html",
    ]);
    const page = searchParts(search, "strength")
      .map(({ html }) => html)
      .join("");
    expect(page).toContain("forest 11");
    expect(page).not.toContain("forest 12");
    expect(page).toContain("2 more did worse.");
    expect(page).toContain("Not tried, or not to the end: pls, law (9 rows); mlp (late).");
  });

  it("says what the choice errs by on rows that it has not seen", () => {
    const report = {
      chosen: "forest 0",
      reason: "least squared error",
      tried,
      heldOutError: 11.25,
      criterion: "squared",
    };
    const [first] = searchLines(searchOf(report, "MPa") as NonNullable<ReturnType<typeof searchOf>>, "strength");
    expect(first).toBe(
      "learner of strength: forest 0; least squared error; RMSE 11.3 MPa on rows of each inner fold where the others choose",
    );
    expect(searchOf({ ...report, criterion: "absolute" })?.chosen).toContain("; MAE 11.3 on rows");
  });

  it("marks what was proposed, on the terminal and on the page", () => {
    const [first, second] = [{ ...tried[0], proposed: true }, tried[1]];
    const notTried = [{ name: "boosting (maxLeaves 4)", reason: "worse", proposed: true }];
    const search = searchOf({ chosen: "forest 0", tried: [first, second] as never, notTried });
    if (search === undefined) throw new Error("a search");
    const text = searchLines(search, "strength").join("\n");
    expect(text).toMatch(/^forest 0 \* +10 +5$/m);
    expect(text).toMatch(/^forest 1 +11 +6$/m);
    expect(text).toContain("* proposed by a model of the inner errors seen before (expected improvement): 2 settings");
    const page = searchParts(search, "strength").map(({ html }) => html);
    expect(page.join("")).toContain("boosting (maxLeaves 4) * (worse)");
  });

  it("names the quotients that a learner sees", () => {
    const quotients = [{ name: "quotient-boosting", quotients: ["water / (cement + slag)", "slag / water"] }];
    const search = searchOf({ chosen: "quotient-boosting", reason: "least", tried: tried.slice(0, 2), quotients });
    if (search === undefined) throw new Error("a search");
    const text = "quotient-boosting also sees water / (cement + slag), slag / water";
    expect(searchLines(search, "strength")[1]).toBe(text);
    const page = searchParts(search, "strength").map(({ html }) => html);
    expect(page.join("")).toContain(`${text}.`);
  });

  it("names what a learner that takes no gaps saw in their place, the features with most of them first", () => {
    const gap = (k: number): object => ({ feature: `f${k}`, value: k / 3, missing: k });
    const filled = [
      { name: "ridge", features: [1, 7, 2, 3, 4, 5, 6].map(gap) },
      { name: "mlp", features: [gap(1)] },
    ];
    const search = searchOf({ chosen: "ridge", reason: "least", tried: tried.slice(0, 2), filled } as never);
    if (search === undefined) throw new Error("a search");
    const [, ridge, mlp] = searchLines(search, "strength");
    expect(ridge).toBe(
      "ridge sees medians in place of gaps, and marks: f7 2.33 (7 rows), f6 2 (6 rows), f5 1.67 (5 rows), f4 1.33 (4 rows), f3 1 (3 rows), 2 more",
    );
    expect(mlp).toBe("mlp sees medians in place of gaps, and marks: f1 0.333 (1 row)");
    const page = searchParts(search, "strength").map(({ html }) => html);
    expect(page.join("")).toContain(`${ridge}.`);
    const ofClasses = searchOf({ chosen: "logistic", reason: "least", tried: [], filled: [gap(3)] } as never);
    if (ofClasses === undefined) throw new Error("a search");
    expect(searchLines(ofClasses, "phase")[1]).toBe(
      "each learner sees medians in place of gaps, and marks: f3 1 (3 rows)",
    );
  });

  it("names on the terminal what a number of trials cut", () => {
    const reason = "beyond the budget of 2 trials";
    const notTried = [
      { name: "ridge", reason },
      { name: "mlp", reason: "late" },
      { name: "forest", reason },
    ];
    const search = searchOf({ chosen: "forest 0", tried: tried.slice(0, 2), notTried });
    if (search === undefined) throw new Error("a search");
    expect(searchLines(search, "strength").at(-2)).toBe(`left out (${reason}): ridge, forest`);
  });

  it("has the scores of classes, and none where no inner fold left two classes to learn", () => {
    const search = searchOf({
      chosen: "forest",
      tried: [
        { name: "forest", logLoss: 0.25, accuracy: 0.5 },
        { name: "logistic", logLoss: null, accuracy: 0 },
      ],
    });
    expect(search).toMatchObject({
      chosen: "forest",
      scores: ["log loss", "accuracy"],
      tried: [
        ["forest", "0.25", "50.0 %"],
        ["logistic", "–", "–"],
      ],
      notTried: [],
    });
  });
});
