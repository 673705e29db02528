/** Bundles the tab into the package: one script and one style sheet, named so that the server can list them. */
import { build } from "esbuild";

await build({
  entryPoints: { index: "src/index.js" },
  outdir: "../tb_lossgap/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: import.meta.dirname,
});

await build({
  entryPoints: { index: "src/styles/index.css" },
  outdir: "../tb_lossgap/static",
  bundle: true,
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: import.meta.dirname,
});
