import { createRandom, DataError, FormatError, readTable } from "@materiome/core";
import {
  createProfile,
  equivalentTime,
  readFurnaceLog,
  scheduleFromProfile,
  segmentProfile,
  thermalProfile,
} from "@materiome/core/process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** 20 → 860 °C at 5 K/min, 60 min, → 200 °C at 20 K/min, 30 min; a reading a minute. */
function course(minute: number): number {
  if (minute <= 168) return 20 + 5 * minute;
  if (minute <= 228) return 860;
  if (minute <= 261) return 860 - 20 * (minute - 228);
  return 200;
}

function noisy(sigma: number, seed = 1) {
  const random = createRandom(seed);
  const minutes = Array.from({ length: 292 }, (_, i) => i);
  return createProfile(
    minutes.map((m) => 60 * m),
    minutes.map((m) => course(m) + 273.15 + sigma * random.normal()),
  );
}

describe("segmentProfile", () => {
  it("finds the exact ramps and holds of a clean log", () => {
    const { segments, maxResidualK } = segmentProfile(noisy(0));
    expect(segments.map(({ kind }) => kind)).toEqual(["heat", "hold", "cool", "hold"]);
    const ends = segments.map(({ endS, endK }) => [endS / 60, endK - 273.15]);
    const truth = [
      [168, 860],
      [228, 860],
      [261, 200],
      [291, 200],
    ];
    for (const [k, [minute, celsius]] of truth.entries()) {
      expect(ends[k][0]).toBeCloseTo(minute, 6);
      expect(ends[k][1]).toBeCloseTo(celsius, 6);
    }
    expect(maxResidualK).toBeLessThan(1e-6);
  });

  it.each([0.2, 1, 3])("finds them under noise of %d K, and measures the noise", (sigma) => {
    for (let seed = 1; seed <= 5; seed++) {
      const found = segmentProfile(noisy(sigma, seed));
      expect(found.noiseK).toBeGreaterThan(0.75 * sigma);
      expect(found.noiseK).toBeLessThan(1.3 * sigma);
      expect(found.segments.map(({ kind }) => kind)).toEqual(["heat", "hold", "cool", "hold"]);
      expect(found.segments[0].slopeKPerS * 60).toBeCloseTo(5, 1);
      expect(Math.abs(found.segments[0].endS / 60 - 168)).toBeLessThan(2);
      expect(Math.abs(found.segments[1].endK - 273.15 - 860)).toBeLessThan(sigma);
      expect(Math.abs(found.segments[2].endS / 60 - 261)).toBeLessThan(2);
    }
  });

  it("keeps within the tolerance on a curve, with more pieces for a smaller one", () => {
    const times = Array.from({ length: 600 }, (_, i) => 10 * i);
    const newton = createProfile(
      times,
      times.map((t) => 293 + 800 * Math.exp(-t / 1200)),
    );
    const counts = [2, 5, 20].map((toleranceK) => {
      const { segments, maxResidualK } = segmentProfile(newton, { toleranceK });
      expect(maxResidualK).toBeLessThan(1.5 * toleranceK);
      return segments.length;
    });
    expect(counts[0]).toBeGreaterThan(counts[1]);
    expect(counts[1]).toBeGreaterThan(counts[2]);
  });

  it("refuses to fit noise", () => {
    expect(() => segmentProfile(noisy(2), { toleranceK: 1 })).toThrow(/at least 4 times the noise of [\d.]+ K, got 1/);
  });

  it("gives a schedule whose history does what the log did", () => {
    const log = noisy(1);
    const found = segmentProfile(log);
    const schedule = scheduleFromProfile(found);
    expect(schedule.steps.map((step) => step.kind)).toEqual(["heat", "hold", "cool", "hold"]);
    const clean = equivalentTime(noisy(0), 250e3, 1100);
    expect(equivalentTime(thermalProfile(schedule), 250e3, 1100) / clean).toBeCloseTo(1, 1);
  });

  it("keeps a jump between two holds, and refuses a history of no duration", () => {
    const { steps } = scheduleFromProfile(
      segmentProfile(createProfile([0, 10, 10, 30], [293.15, 293.15, 873.15, 873.15])),
    );
    expect(steps).toEqual([
      { kind: "hold", timeS: 10 },
      { kind: "heat", temperatureC: 600 },
      { kind: "hold", timeS: 20 },
    ]);
    expect(() => segmentProfile(createProfile([5, 5], [300, 400]))).toThrow("the history lasts no time");
  });

  it("gives a continuous profile over the same time for any history", () => {
    const readings = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 500 }), fc.double({ min: 250, max: 1500, noNaN: true })),
      {
        minLength: 2,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(readings, (points) => {
        const times = points.map((_, i) => points.slice(0, i).reduce((sum, [dt]) => sum + dt, 0));
        const history = createProfile(
          times,
          points.map(([, t]) => t),
        );
        const noise = segmentProfile(history).noiseK;
        const found = segmentProfile(history, { toleranceK: Math.max(10, 4.01 * noise) });
        expect(found.segments[0].startS).toBe(0);
        expect(found.segments.at(-1)?.endS).toBe(times.at(-1));
        for (const [k, { startS, endS, startK, endK }] of found.segments.entries()) {
          expect(endS).toBeGreaterThan(startS);
          expect(Number.isFinite(startK + endK)).toBe(true);
          if (k > 0) expect([startS, startK]).toEqual([found.segments[k - 1].endS, found.segments[k - 1].endK]);
        }
        expect(scheduleFromProfile(found).steps.length).toBeGreaterThan(0);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it("takes 100 000 readings", () => {
    const random = createRandom(9);
    const times = Array.from({ length: 100_000 }, (_, i) => i / 6);
    const log = createProfile(
      times,
      times.map((t) => course(t / 60) + 273.15 + random.normal()),
    );
    expect(segmentProfile(log).segments.map(({ kind }) => kind)).toEqual(["heat", "hold", "cool", "hold"]);
  });
});

describe("readFurnaceLog", () => {
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => `${from + i},${68 + 18 * (from + i)},${25 + 10 * (from + i)}`);

  it("reads several thermocouples in any unit", () => {
    const table = readTable(`time (min),TC1 (°F),TC2 (°C)\n${rows(0, 20).join("\n")}\n`, { file: "log.csv" });
    const log = readFurnaceLog(table, { time: "time" });
    expect(log.channels.map(({ name }) => name)).toEqual(["TC1", "TC2"]);
    expect(log.channels[0].profile.temperatureK[0]).toBeCloseTo(293.15, 9);
    expect(log.channels[0].profile.timeS[19]).toBe(19 * 60);
    expect(log.channels[1].profile.temperatureK[19]).toBeCloseTo(273.15 + 215, 9);
    expect(log.intervalS).toBe(60);
    expect(log.spread.maxK).toBeCloseTo(5, 9);
    expect([log.gaps, log.clockRows, log.channels[0].spikeRows, log.channels[0].missingRows]).toEqual([[], [], [], []]);
  });

  it("reports gaps, missing readings and spikes, and leaves spikes out", () => {
    const lines = [...rows(0, 20), ...rows(40, 60)];
    lines[5] = "5,158,";
    lines[10] = "10,9000,125";
    const log = readFurnaceLog(readTable(`time (min),TC1 (°F),TC2 (°C)\n${lines.join("\n")}\n`), { time: "time" });
    expect(log.gaps).toEqual([{ afterRow: 21, durationS: 21 * 60 }]);
    expect(log.channels[1].missingRows).toEqual([7]);
    expect(log.channels[0].spikeRows).toEqual([12]);
    expect(log.channels[0].profile.timeS).toHaveLength(39);
    expect(log.channels[0].rows).not.toContain(12);
    expect(log.channels[1].spikeRows).toEqual([]);
  });

  it("reads clocks and dates, and refuses a clock that runs backwards unless told to drop it", () => {
    const clock = "clock,T (°C)\n23:58,20\n23:59:30,30\n00:01,40\n00:02,50\n";
    const midnight = readTable(clock, { file: "night.csv" });
    expect(() => readFurnaceLog(midnight, { time: "clock" })).toThrow(
      'night.csv, row 4, column "clock": the time does not increase in 2 rows (4, 5); sort the log, write dates if it passes midnight',
    );
    expect(readFurnaceLog(midnight, { time: "clock", clock: "drop" }).clockRows).toEqual([4, 5]);
    const glitch = readTable("t (s),T (°C)\n0,20\n1,21\n9999,22\n2,23\n3,24\n3,25\n4,26\n");
    const { clockRows, channels } = readFurnaceLog(glitch, { time: "t", clock: "drop" });
    expect([...channels[0].profile.timeS]).toEqual([0, 1, 2, 3, 4]);
    expect(clockRows).toEqual([4, 6]);
    expect(() => readFurnaceLog(glitch, { time: "t" })).toThrow("in 4 rows (5, 6, 7, 8)");
    const dated = readTable("when,T (°C)\n2024-02-28 23:59:00,20\n2024-02-29 00:01:00,30\n2024-03-01 00:01:00,30\n");
    expect([...readFurnaceLog(dated, { time: "when" }).channels[0].profile.timeS]).toEqual([0, 120, 86520]);
    const odd = readTable("clock,T (°C)\n10:00,20\nnoon,30\n", { file: "odd.csv" });
    expect(() => readFurnaceLog(odd, { time: "clock" })).toThrow('odd.csv, row 3, column "clock": "noon" is no time');
  });

  it("reads zones, and refuses times that no clock shows and dates that come and go", () => {
    const read = (...times: string[]) =>
      readFurnaceLog(readTable(`when,T (°C)\n${times.map((t, i) => `${t},${20 + i}`).join("\n")}\n`), { time: "when" });
    const zoned = read("2024-03-31T01:59:30+01:00", "2024-03-31T03:00:00.5+0200", "2024-03-31T01:01:00Z");
    expect([...zoned.channels[0].profile.timeS]).toEqual([0, 30.5, 90]);
    expect([...read("98:59", "100:00:30").channels[0].profile.timeS]).toEqual([0, 3690]);
    for (const odd of ["10:61", "10:00:75", "2024-13-01 10:00", "2023-02-29 10:00", "2024-01-01 25:00", "10:00 AM"]) {
      expect(() => read(odd, "11:00")).toThrow(`"${odd}" is no time`);
    }
    expect(() => read("2024-01-01 10:00", "10:05")).toThrow('row 3, column "when": "10:05" has no date');
  });

  it("takes no reading of a steady ramp for a spike, up to its ends", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = createRandom(seed);
      const lines = Array.from({ length: 40 }, (_, m) => `${m},${(900 - 3 * m + random.normal()).toFixed(2)}`);
      const log = readFurnaceLog(readTable(`t (min),T (°C)\n${lines.join("\n")}\n`), { time: "t" });
      expect(log.channels[0].spikeRows).toEqual([]);
      lines[37] = "37,200";
      const spiked = readFurnaceLog(readTable(`t (min),T (°C)\n${lines.join("\n")}\n`), { time: "t" });
      expect(spiked.channels[0].spikeRows).toEqual([39]);
    }
  });

  it("asks for units, and refuses impossible temperatures", () => {
    const bare = readTable("t,T\n0,20\n1,30\n", { file: "bare.csv" });
    expect(() => readFurnaceLog(bare, { time: "t" })).toThrow("the column of the time has no unit; give timeUnit");
    expect(() => readFurnaceLog(bare, { time: "t", timeUnit: "h" })).toThrow("no column is in a unit of temperature");
    expect(() => readFurnaceLog(bare, { time: "t", timeUnit: "h", temperatures: ["T"] })).toThrow(DataError);
    const log = readFurnaceLog(bare, { time: "t", timeUnit: "h", temperatures: ["T"], temperatureUnit: "degC" });
    expect([...log.channels[0].profile.timeS]).toEqual([0, 3600]);
    const broken = readTable("t (s),T (°C)\n0,20\n1,-300\n", { file: "broken.csv" });
    expect(() => readFurnaceLog(broken, { time: "t" })).toThrow(FormatError);
    expect(() => readFurnaceLog(broken, { time: "t" })).toThrow(
      'broken.csv, row 3, column "T": expected above 0 K and below 6000 K, found -300 degC',
    );
    expect(() => readFurnaceLog(broken, { time: "t", gapFactor: -1 })).toThrow("gapFactor must be 1 or more, got -1");
    const celsius = readTable("T (°C)\n20\n30\n", { file: "short.csv" });
    expect(() => readFurnaceLog(celsius, { time: "t", timeUnit: "min" })).toThrow(
      'column "T" is in degC, stated is min',
    );
    const single = readTable("t (s),A (°C),B (°C)\n0,20,\n1,30,5\n", { file: "single.csv" });
    expect(() => readFurnaceLog(single, { time: "t" })).toThrow("this one has 1");
  });
});
