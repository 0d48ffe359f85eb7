/**
 * Bundles GraphiQL for the service to serve: `node build.mjs` writes the files,
 * `node build.mjs --check` only tells whether they are what the recipe gives.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { gzipSync } from "fflate";
import { licenses } from "./licenses.mjs";

const RECIPE = fileURLToPath(new URL(".", import.meta.url));
const TARGET = join(RECIPE, "../../app/static/graphiql");
const PUBLIC_PATH = "/static/graphiql/";
const NOTICE = "/*! Licences of the bundled packages: LICENSES.txt */";
// Fonts of the woff2 kind are compressed already; the page itself is filled in before it is sent.
const COMPRESSED = new Set([".css", ".js", ".svg", ".ttf", ".txt"]);

const OPTIONS = {
  absWorkingDir: RECIPE,
  outdir: TARGET,
  bundle: true,
  format: "esm",
  splitting: true,
  // The old names lead to CommonJS copies of the plugins, whose parsers GraphiQL cannot see.
  alias: {
    "prettier/parser-babel": "prettier/plugins/babel",
    "prettier/parser-graphql": "prettier/plugins/graphql",
  },
  minify: true,
  write: false,
  metafile: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  banner: { js: NOTICE, css: NOTICE },
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  logLevel: "warning",
};

/** Bundles Monaco's background workers, which main.tsx has to know by their hashed names. */
function buildWorkers() {
  return build({
    ...OPTIONS,
    entryPoints: {
      "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
      "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
      "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
    },
  });
}

function buildPage(workerNames) {
  return build({
    ...OPTIONS,
    entryPoints: { main: "src/main.tsx" },
    publicPath: PUBLIC_PATH,
    jsx: "automatic",
    loader: { ".svg": "file", ".ttf": "file", ".woff2": "file" },
    define: {
      "process.env.NODE_ENV": '"production"',
      "process.env.USE_IMPORT": '"true"',
      WORKER_FILES: JSON.stringify({
        editor: `./${workerNames.get("editor.worker.js")}`,
        json: `./${workerNames.get("json.worker.js")}`,
        graphql: `./${workerNames.get("graphql.worker.js")}`,
      }),
    },
  });
}

/** Maps "main.js" to "main-4F2A6B1C.js" for every output. */
function hashedNames(result) {
  const names = Object.keys(result.metafile.outputs).map((path) => basename(path));
  return new Map(names.map((name) => [name.replace(/-[A-Z0-9]{8}(?=\.\w+$)/, ""), name]));
}

function fillTemplate(names) {
  const template = readFileSync(join(RECIPE, "src/index.html"), "utf8");
  return template.replace(/\{\{(.+?)\}\}/g, (_, name) => {
    const hashed = names.get(name);
    if (!hashed) throw new Error(`index.html names ${name}, which the build did not make`);
    return PUBLIC_PATH + hashed;
  });
}

/** All files by name, in memory. */
async function makeFiles() {
  const workers = await buildWorkers();
  const page = await buildPage(hashedNames(workers));
  const files = new Map();
  for (const { path, contents } of [...workers.outputFiles, ...page.outputFiles]) {
    const name = basename(path);
    // Lazily loaded chunks repeat a part of the main style sheet, and nothing links to them.
    if (extname(name) !== ".css" || name.startsWith("main-")) files.set(name, contents);
  }
  const inputs = [workers, page].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  files.set("LICENSES.txt", Buffer.from(licenses(RECIPE, inputs)));
  files.set("index.html", Buffer.from(fillTemplate(hashedNames(page))));

  const listed = [];
  for (const name of [...files.keys()].sort()) {
    const contents = files.get(name);
    const entry = { name, bytes: contents.length, sha256: sha256(contents) };
    if (COMPRESSED.has(extname(name))) {
      const compressed = gzipSync(contents, { level: 9, mtime: 0 });
      files.set(`${name}.gz`, compressed);
      entry.gzipBytes = compressed.length;
    }
    listed.push(entry);
  }
  files.set("manifest.json", Buffer.from(`${JSON.stringify({ files: listed }, null, 2)}\n`));
  return files;
}

function sha256(contents) {
  return createHash("sha256").update(contents).digest("hex");
}

function write(files) {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  for (const [name, contents] of files) writeFileSync(join(TARGET, name), contents);
}

/** Names of files that are missing, superfluous or different in the target folder. */
function differences(files) {
  const present = new Set(readdirSync(TARGET));
  const names = new Set([...files.keys(), ...present]);
  return [...names].filter(
    (name) =>
      !files.has(name) ||
      !present.has(name) ||
      Buffer.compare(readFileSync(join(TARGET, name)), files.get(name)) !== 0,
  );
}

const files = await makeFiles();
if (process.argv.includes("--check")) {
  const changed = differences(files);
  if (changed.length > 0) {
    console.error(`Not what the recipe gives:\n${changed.sort().join("\n")}`);
    process.exit(1);
  }
} else {
  write(files);
}
console.log(`${files.size} files, manifest.json sha256 ${sha256(files.get("manifest.json"))}`);
