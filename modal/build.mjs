// Builds the modal into the server's static folder; with --check, compares instead of writing.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build, transform } from "esbuild";

const home = fileURLToPath(new URL(".", import.meta.url));
const messages = fileURLToPath(new URL("../src/linkspan/server/link/messages/", import.meta.url));
const target = fileURLToPath(new URL("../src/linkspan/server/link/static/", import.meta.url));

// What a person waits for on a slow phone.
const BUDGETS = [
  { name: "loader", files: ["loader.js"], limit: 3 * 1024 },
  // With the page and the longest of its languages.
  { name: "frame", files: ["frame.html", "app.js", "app.css"], limit: 30 * 1024 },
];

const settings = {
  absWorkingDir: home,
  bundle: true,
  write: false,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  target: "es2022",
};

// The loader carries its style as text, since a page with a strict policy takes no other.
const styleAsText = {
  name: "style as text",
  setup({ onLoad }) {
    onLoad({ filter: /loader\/style\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

// The dialog has its name before the frame is there, in every language; the rest comes with the frame.
const titles = {
  name: "titles",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/titles\.json$/ }, () => ({ path: "titles", namespace: "titles" }));
    onLoad({ filter: /.*/, namespace: "titles" }, () => ({
      contents: JSON.stringify(eachTitle()),
      loader: "json",
    }));
  },
};

function eachTitle() {
  const each = languages().map(([tag, { title }]) => [tag.split("-")[0], title]);
  return Object.fromEntries(each);
}

function languages() {
  return readdirSync(messages).map((file) => [
    file.replace(".json", ""),
    JSON.parse(readFileSync(messages + file, "utf8")),
  ]);
}

async function bundle(options) {
  const { outputFiles } = await build({ ...settings, outdir: target, ...options });
  return Object.fromEntries(
    outputFiles.map(({ path, contents }) => [path.slice(target.length), Buffer.from(contents)]),
  );
}

// A version in the address lets the server have browsers keep a file for good.
function versioned(page, files) {
  return page.replace(/(\/link\/static\/)([\w.]+)/g, (_, folder, name) => {
    const digest = createHash("sha256").update(files[name]).digest("hex").slice(0, 12);
    return `${folder}${name}?v=${digest}`;
  });
}

async function buildAll() {
  const loader = await bundle({
    entryPoints: { loader: "loader/main.ts" },
    format: "iife",
    plugins: [styleAsText, titles],
  });
  const app = await bundle({
    entryPoints: { app: "app/main.tsx", page: "app/style/page.css" },
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  const files = { ...loader, ...app };
  const page = readFileSync(new URL("app/frame.html", import.meta.url), "utf8");
  const types = readFileSync(new URL("linkspan.d.ts", import.meta.url));
  return { ...files, "frame.html": Buffer.from(versioned(page, files)), "linkspan.d.ts": types };
}

function overBudget(files) {
  return BUDGETS.filter(({ name, files: names, limit }) => {
    const size = names.reduce((sum, file) => sum + compressed(file, files[file]), 0);
    console.log(`${name}: ${names.join(" + ")} ${size} of ${limit} bytes (brotli)`);
    return size > limit;
  });
}

/** How many bytes a file is on its way; a page with messages is as long as its longest language. */
function compressed(name, content) {
  if (name !== "frame.html") return brotliCompressSync(content).length;
  const pages = languages().map(([, said]) => {
    const shown = Object.entries(said).filter(([key]) => !key.startsWith("server."));
    return content.toString().replace("{{messages}}", JSON.stringify(Object.fromEntries(shown)));
  });
  return Math.max(...pages.map((page) => brotliCompressSync(page).length));
}

function stale(files) {
  return Object.keys(files).filter(
    (name) => !existsSync(target + name) || !readFileSync(target + name).equals(files[name]),
  );
}

const files = await buildAll();
const problems = overBudget(files).map(({ name }) => `${name} is over its budget`);
if (process.argv.includes("--check")) {
  problems.push(...stale(files).map((name) => `${name} is not what the sources build; run: node build.mjs`));
} else {
  mkdirSync(target, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(target + name, content);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
