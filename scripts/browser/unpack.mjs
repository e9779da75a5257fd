// Unpacks the browser that @sparticuz/chromium carries compressed into this folder.
import { execFileSync } from "node:child_process";
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { brotliDecompressSync } from "node:zlib";

const carried = "node_modules/@sparticuz/chromium/bin";
const unpacked = async (name) => brotliDecompressSync(await readFile(`${carried}/${name}.br`));

await writeFile("swiftshader.tar", await unpacked("swiftshader.tar"));
execFileSync("tar", ["--no-same-owner", "-xf", "swiftshader.tar"]);
await rm("swiftshader.tar");
await writeFile("chromium", await unpacked("chromium"));
await chmod("chromium", 0o755);
