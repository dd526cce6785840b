// Bundles the page into one file: node build.mjs [target]. Data comes in where the placeholder is (page.cpp).
import { build } from "esbuild";
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

const target = process.argv[2] ?? "view.html";
const bundled = async (entry) =>
  (await build({ entryPoints: [entry], bundle: true, minify: true, write: false, format: "iife", target: "es2022", legalComments: "none" }))
    .outputFiles[0].text.trim();
const licences = ["uplot", "d3-force", "d3-quadtree", "d3-dispatch", "d3-timer"]
  .map((name) => `${name}\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}`)
  .join("\n\n")
  .replaceAll("--", "- -");
const parts = {
  "<!--licences-->": `<!--\nThis page contains:\n\n${licences}\n-->`,
  "<!--style-->": `<style>${await bundled("page.css")}</style>`,
  "<!--script-->": `<script>${await bundled("main.js")}</script>`,
};
let page = readFileSync("page.html", "utf8");
for (const [mark, text] of Object.entries(parts)) page = page.replace(mark, () => text);
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, page);
