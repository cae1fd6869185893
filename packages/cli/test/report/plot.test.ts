import { describe, expect, it } from "vitest";
import { plot } from "../../src/report/plots/plot.ts";
import { createScale, domainOf } from "../../src/report/plots/scale.ts";

describe("createScale", () => {
  it("maps ends of the domain to ends of the range, linear and log", () => {
    const linear = createScale({ kind: "linear", domain: [2, 4], range: [100, 0], tickCount: 5 });
    expect([linear(2), linear(3), linear(4)]).toEqual([100, 50, 0]);
    const log = createScale({ kind: "log", domain: [1, 100], range: [0, 10], tickCount: 3 });
    expect(log(10)).toBeCloseTo(5);
  });

  it("places ticks on round numbers", () => {
    const ticks = createScale({ kind: "linear", domain: [0, 1.05], range: [0, 1], tickCount: 5 }).ticks;
    expect(ticks.map((t) => t.text)).toEqual(["0", "0.5", "1"]);
    const epochs = { kind: "linear", domain: [0.96, 2.04], range: [0, 1], tickCount: 6 } as const;
    expect(createScale(epochs).ticks.map((t) => t.text)).toContain("1.2");
    expect(createScale({ ...epochs, isCount: true }).ticks.map((t) => t.text)).toEqual(["1", "2"]);
    const log = createScale({ kind: "log", domain: [10, 1000], range: [0, 1], tickCount: 6 }).ticks;
    expect(log.map((t) => t.value)).toContain(100);
    // Of 350 px, labels of 30 must not meet: sizes of bodies over almost two decades.
    for (const domain of [
      [0.012, 0.9],
      [0.3, 1.6],
      [1, 31],
      [1, 990],
      [2, 80_000],
    ] as const) {
      const { ticks } = createScale({ kind: "log", domain, range: [0, 350], tickCount: 6 });
      const places = ticks.map(
        ({ value }) => (350 * Math.log10(value / domain[0])) / Math.log10(domain[1] / domain[0]),
      );
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      for (const [k, place] of places.slice(1).entries()) expect(place - places[k]!).toBeGreaterThan(30);
    }
  });

  it("gives a domain even for one value or none", () => {
    expect(domainOf([5, 5])).toEqual([4.5, 5.5]);
    expect(domainOf([])).toEqual([0, 1]);
    expect(domainOf([1, 10, -3], "log")[0]).toBeGreaterThan(0.8);
  });
});

describe("plot", () => {
  it("puts a point where the data say", () => {
    const svg = plot({
      description: "one point",
      x: { label: "x (mm)", domain: [0, 10] },
      y: { label: "y", domain: [0, 10] },
      layers: [{ kind: "points", colour: "#000", x: [5], y: [5], titles: ["<5 & 5>"] }],
    });
    // Frame: x from 58 to 406, y from 296 down to 10.
    expect(svg).toContain('<circle cx="232" cy="153"');
    expect(svg).toContain("<title>&lt;5 &amp; 5&gt;</title>");
    expect(svg).toContain("x (mm)");
  });

  it("leaves out points without a value", () => {
    const svg = plot({
      description: "gaps",
      x: { label: "x" },
      y: { label: "y" },
      layers: [{ kind: "points", colour: "#000", x: [1, 2, 3], y: [1, Number.NaN, 3] }],
    });
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg).not.toContain("NaN");
  });
});
