// Builds everything a page loads into static/built/: app.css, main.js and its chunks, icons.svg, geo outlines.
// Usage: node build.mjs [--watch]
import { cp, mkdir, readdir, readFile, rm, stat, watch } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "@tailwindcss/node";
import { Scanner } from "@tailwindcss/oxide";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, "assets");
const built = join(here, "static", "built");
const classSources = ["frontend/templates", "frontend/templatetags", "frontend/assets/ts", "supervision"];

async function styles() {
  const css = await readFile(join(assets, "css/app.css"), "utf8");
  const compiler = await compile(css, { base: join(assets, "css"), onDependency() {}, shouldRewriteUrls: true });
  const sources = classSources.map((path) => ({ base: join(here, "..", path), pattern: "**/*.{html,py,ts}", negated: false }));
  const candidates = new Scanner({ sources }).scan();
  await esbuild.build({
    stdin: { contents: compiler.build(candidates), loader: "css", resolveDir: join(assets, "css") },
    outfile: join(built, "app.css"),
    bundle: true,
    minify: true,
    loader: { ".png": "dataurl" },
    logLevel: "error",
  });
}

async function scripts() {
  await esbuild.build({
    entryPoints: [join(assets, "ts/main.ts")],
    outdir: built,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    chunkNames: "chunks/[name]-[hash]",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
}

// Chunks of an earlier build go only once the new ones stand, so that a page opened meanwhile stays whole.
async function sweep(begun) {
  for (const name of await readdir(join(built, "chunks"))) {
    const path = join(built, "chunks", name);
    if ((await stat(path)).mtimeMs < performance.timeOrigin + begun) await rm(path);
  }
}

async function everything() {
  const started = performance.now();
  await mkdir(join(built, "geo"), { recursive: true });
  await Promise.all([
    styles(),
    scripts(),
    cp(join(assets, "icons.svg"), join(built, "icons.svg")),
    ...["china", "cities"].map((name) => cp(join(assets, `geo/${name}.json`), join(built, `geo/${name}.json`))),
  ]);
  await sweep(started);
  console.log(`frontend/static/built is ready (${Math.round(performance.now() - started)} ms)`);
}

await everything();
if (process.argv.includes("--watch")) {
  for await (const change of watch(join(here), { recursive: true })) {
    if (/^(assets|templates)\//.test(change.filename ?? "")) await everything().catch((error) => console.error(error.message));
  }
}
