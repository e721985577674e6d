// Builds what the browser gets: one stylesheet, one script, the icons and fonts in use. `npm run build`; no network.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../../..");
const uswds = join(root, "node_modules/@uswds/uswds");
const built = join(here, "../static/junto/built");

const FONTS = {
  "public-sans-regular": "public-sans/PublicSans-Regular",
  "public-sans-bold": "public-sans/PublicSans-Bold",
  "merriweather-bold": "merriweather/Latin-Merriweather-Bold",
};
const IMAGES = ["us_flag_small.png"];

rmSync(built, { recursive: true, force: true });
mkdirSync(join(built, "fonts"), { recursive: true });

for (const [name, from] of Object.entries(FONTS)) {
  copyFileSync(join(uswds, "dist/fonts", `${from}.woff2`), join(built, "fonts", `${name}.woff2`));
}
for (const name of IMAGES) copyFileSync(join(uswds, "dist/img", name), join(built, name));
copyFileSync(join(uswds, "LICENSE.md"), join(built, "USWDS-LICENSE.md"));
for (const name of ["junto.js", "composer.js"]) copyFileSync(join(here, name), join(built, name));
copyFileSync(join(root, "node_modules/htmx.org/dist/htmx.min.js"), join(built, "htmx.js"));

// A manifest build looks for every url() and source map that a stylesheet names: each must lie beside it.
const { css } = sass.compile(join(here, "junto.scss"), {
  loadPaths: [join(uswds, "packages")],
  style: "compressed",
  quietDeps: true,
  silenceDeprecations: ["if-function", "import", "global-builtin", "mixed-decls"],
  logger: sass.Logger.silent,
});
const bare = css.replace(/\/\*# sourceMappingURL=.*?\*\//g, "");
for (const [, url] of bare.matchAll(/url\(["']?(?!data:)([^"')]+)["']?\)/g)) {
  if (url.startsWith("fonts/")) continue;
  mkdirSync(dirname(join(built, url)), { recursive: true });
  copyFileSync(join(uswds, "dist/img", url), join(built, url));
}
writeFileSync(join(built, "junto.css"), bare);
console.log(`junto.css ${gzipSync(bare).length} bytes compressed`);
