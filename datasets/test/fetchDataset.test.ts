import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type DatasetManifest, datasetInfo, type FetchDatasetOptions, fetchDataset } from "@materiome/datasets";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

// A real server on this machine stands for the source repository; contents are made here.
const CONTENT = new Map([
  ["/data/table%20one.csv", Buffer.from("formula,target\nFe2O3,1\n".repeat(20_000))],
  ["/data/second.csv", Buffer.from("a,b\n1,2\n")],
  ["/img/one.tif", Buffer.from(Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251))],
]);
const TABLE = "/data/table%20one.csv";

type Answer = (request: IncomingMessage, response: ServerResponse, content: Buffer) => void;

let folder: string;
let server: Server;
let requests: { readonly url: string; readonly range: string | undefined }[];
let answer: Answer;
let options: FetchDatasetOptions;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "materiome-fetch-"));
  requests = [];
  answer = whole;
  server = createServer((request, response) => {
    const url = request.url ?? "";
    requests.push({ url, range: request.headers.range });
    const content = CONTENT.get(url);
    if (content === undefined) response.writeHead(404).end();
    else answer(request, response, content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  options = { dataDir: folder, mirror: `http://127.0.0.1:${port}/{path}`, retryDelayMs: 1, silenceMs: 2000 };
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Answers as a file server does: ranges are honoured. */
function whole(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const rest = content.subarray(from);
  const range = from > 0 ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length, ...range }).end(rest);
}

/** Announces everything, sends `bytes`, then breaks the connection. */
function broken(bytes: number): Answer {
  return (_, response, content) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, bytes), () => setTimeout(() => response.destroy(), 50));
  };
}

function manifest(...urls: string[]): DatasetManifest {
  const files = urls.map((url) => {
    const source = decodeURIComponent(url.slice(1));
    const content = CONTENT.get(url) ?? Buffer.from("absent");
    const sum = { sha256: createHash("sha256").update(content).digest("hex"), bytes: content.length };
    return source.endsWith(".tif")
      ? {
          path: `${source}.gz`,
          source,
          encoding: "gzip" as const,
          ...{ sha256: "0".repeat(64), bytes: 9, contentSha256: sum.sha256, contentBytes: sum.bytes },
        }
      : { path: source, source, ...sum };
  });
  return { ...datasetInfo("concrete-strength"), name: "made-here", files };
}

const partOf = (path: string): string => join(folder, "made-here", `${path}.part`);
const leave = (path: string, content: Buffer): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};
const content = (url: string): Buffer => CONTENT.get(url) as Buffer;
const partsLeft = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".part"));

describe("fetchDataset", () => {
  it("brings every file, packed ones unpacked, and transfers nothing the second time", async () => {
    const wanted = manifest(...CONTENT.keys());
    const steps: number[] = [];
    const first = await fetchDataset(wanted, { ...options, onProgress: ({ done }) => steps.push(done) });
    expect(first.ok).toBe(true);
    expect(first.files.map((file) => file.status)).toEqual(["fetched", "fetched", "fetched"]);
    expect(content("/img/one.tif").equals(readFileSync(first.files[2]?.file ?? ""))).toBe(true);
    expect(first.files[2]?.file).toBe(join(folder, "made-here", "img", "one.tif"));
    expect(Math.max(...steps)).toBe([...CONTENT.values()].reduce((sum, { length }) => sum + length, 0));
    expect(partsLeft()).toEqual([]);
    requests = [];
    const second = await fetchDataset(wanted, options);
    expect(second.files.map((file) => file.status)).toEqual(["present", "present", "present"]);
    expect(requests).toEqual([]);
  });

  it("continues what an interrupted fetch left", async () => {
    leave(partOf("data/table one.csv"), content(TABLE).subarray(0, 100_000));
    const { files } = await fetchDataset(manifest(TABLE), options);
    expect(files[0]).toMatchObject({
      status: "fetched",
      resumed: 100_000,
      transferred: content(TABLE).length - 100_000,
    });
    expect(requests).toEqual([{ url: TABLE, range: "bytes=100000-" }]);
    expect(content(TABLE).equals(readFileSync(files[0]?.file ?? ""))).toBe(true);
  });

  it("continues by itself after a broken connection", async () => {
    answer = (request, response, body) => {
      answer = whole;
      broken(150_000)(request, response, body);
    };
    const { ok, files } = await fetchDataset(manifest(TABLE), options);
    expect(ok).toBe(true);
    expect(requests.map(({ range }) => range)).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)]);
    expect(content(TABLE).equals(readFileSync(files[0]?.file ?? ""))).toBe(true);
  });

  it("keeps the part when the connection breaks for good", async () => {
    answer = broken(150_000);
    const { ok, files } = await fetchDataset(manifest(TABLE), { ...options, attempts: 1 });
    expect(ok).toBe(false);
    expect(files[0]?.reason).toMatch(/could not reach 127\.0\.0\.1.*next fetch continues there/);
    expect(readFileSync(partOf("data/table one.csv")).length).toBeGreaterThan(0);
    expect(existsSync(join(folder, "made-here", "data", "table one.csv"))).toBe(false);
  });

  it("starts again where the part is not the beginning of the file", async () => {
    leave(partOf("data/table one.csv"), Buffer.alloc(1000, "x"));
    const { ok, files } = await fetchDataset(manifest(TABLE), options);
    expect(ok).toBe(true);
    expect(requests.map(({ range }) => range)).toEqual(["bytes=1000-", undefined]);
    expect(content(TABLE).equals(readFileSync(files[0]?.file ?? ""))).toBe(true);
  });

  it("starts again where the server does not continue", async () => {
    leave(partOf("data/table one.csv"), content(TABLE).subarray(0, 500));
    answer = (_, response, body) => response.writeHead(200, { "content-length": body.length }).end(body);
    const { ok, files } = await fetchDataset(manifest(TABLE), options);
    expect(ok).toBe(true);
    expect(files[0]?.resumed).toBe(0);
    expect(content(TABLE).equals(readFileSync(files[0]?.file ?? ""))).toBe(true);
  });

  it("refuses other content, says both sums, and keeps nothing of it", async () => {
    answer = (_, response) => response.end("<html>please log in</html>");
    const { ok, files } = await fetchDataset(manifest(TABLE, "/data/second.csv"), { ...options, connections: 1 });
    expect(ok).toBe(false);
    const [first] = manifest(TABLE).files;
    expect(files[0]?.reason).toContain(`expected ${first?.bytes} bytes with sha256 ${first?.sha256}`);
    expect(files[0]?.reason).toContain(createHash("sha256").update("<html>please log in</html>").digest("hex"));
    expect(files[1]?.status).toBe("failed");
    expect(readdirSync(join(folder, "made-here"), { recursive: true })).toEqual(["data"]);
  });

  it("names a file that is gone from the source and brings the others", async () => {
    const { ok, files } = await fetchDataset(manifest("/data/gone.csv", "/data/second.csv"), options);
    expect(ok).toBe(false);
    expect(files.map((file) => file.status)).toEqual(["failed", "fetched"]);
    expect(files[0]?.reason).toMatch(/gone\.csv: the server answered 404.*by hand, or name a mirror/);
  });

  it("waits for a busy server", async () => {
    answer = (_, response) => {
      answer = whole;
      response.writeHead(503, { "retry-after": "1" }).end();
    };
    expect((await fetchDataset(manifest(TABLE), options)).ok).toBe(true);
    expect(requests.length).toBe(2);
  });

  it("says that it is offline, once, and tries no further file", async () => {
    const closed = await closedPort();
    const { files } = await fetchDataset(manifest(TABLE, "/data/second.csv"), {
      ...options,
      ...{ mirror: `http://127.0.0.1:${closed}/{path}`, connections: 1 },
    });
    expect(files[0]).toMatchObject({ status: "failed", reason: expect.stringMatching(/ECONNREFUSED.*Offline\?/) });
    expect(files[1]).toMatchObject({
      status: "skipped",
      reason: expect.stringMatching(/^not tried after data\/table one/),
    });
  });

  it("gives up on a server that falls silent", async () => {
    answer = () => undefined;
    const { files } = await fetchDataset(manifest(TABLE), { ...options, attempts: 1, silenceMs: 100 });
    expect(files[0]?.reason).toContain("no answer for 0.1 s");
  });

  it.skipIf(!existsSync("/dev/full"))(
    "says that the disk is full and tries no further file (needs /dev/full)",
    async () => {
      mkdirSync(join(folder, "made-here", "data"), { recursive: true });
      symlinkSync("/dev/full", partOf("data/table one.csv"));
      const { files } = await fetchDataset(manifest(TABLE, "/data/second.csv"), { ...options, connections: 1 });
      expect(files[0]).toMatchObject({
        status: "failed",
        reason: expect.stringMatching(/the disk is full; make room/),
      });
      expect(files[1]?.status).toBe("skipped");
      expect(existsSync(join(folder, "made-here", "data", "table one.csv"))).toBe(false);
    },
  );

  it("refuses before it starts where the disk has too little room", async () => {
    const [file] = manifest(TABLE).files;
    const huge = { ...manifest(TABLE), files: [{ ...file, bytes: 1e18 }] } as DatasetManifest;
    const { files } = await fetchDataset(huge, options);
    expect(files[0]?.reason).toMatch(/the disk has [\d.]+ MB free, 1000000000000\.0 MB are needed/);
    expect(requests).toEqual([]);
  });

  it("says how a converted file is made", async () => {
    const { ok, files } = await fetchDataset("lpbf-relative-density", options);
    expect(ok).toBe(false);
    expect(files[0]).toMatchObject({ status: "skipped", reason: expect.stringContaining("dataset.xlsx") });
  });

  it("does not put a file where a wrong one would hide it", async () => {
    const env = { MATERIOME_DATA: join(folder, "mine"), XDG_CACHE_HOME: join(folder, "cache") };
    leave(join(folder, "mine", "made-here", "data", "second.csv"), Buffer.from("edited"));
    const { files } = await fetchDataset(manifest("/data/second.csv"), { ...options, dataDir: undefined, env });
    expect(files[0]).toMatchObject({ status: "failed", reason: expect.stringContaining("would hide the right file") });
    expect(readFileSync(join(folder, "mine", "made-here", "data", "second.csv"), "utf8")).toBe("edited");
  });

  it("stops when asked, and keeps the part", async () => {
    const controller = new AbortController();
    answer = (_, response, body) => {
      response.writeHead(200, { "content-length": body.length });
      response.write(body.subarray(0, 100_000), () => setTimeout(() => controller.abort(new Error("stop")), 50));
    };
    await expect(fetchDataset(manifest(TABLE), { ...options, signal: controller.signal })).rejects.toThrow("stop");
    expect(partsLeft()).toEqual([join("made-here", "data", "table one.csv.part")]);
  });
});

async function closedPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
