// A real browser signs in: a page with a code challenge (PKCE), and a device code, each approved and denied.
//
// `cargo xtask browser` runs this; it sets AWSX, AWSX_SANDBOX, CHROMIUM and SCREENSHOTS.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import readline from "node:readline";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";

const { AWSX, AWSX_SANDBOX, CHROMIUM, SCREENSHOTS } = process.env;

const CONFIG = `[sso-session sandbox]
sso_start_url = https://sandbox.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[profile dev]
sso_session = sandbox
sso_account_id = 111122223333
sso_role_name = Developer
region = us-east-1
`;

// Stands in for the program that opens a browser, and leaves the address for the test.
const OPENER = `#!/bin/sh
printf '%s' "$1" > "$HOME/url.part" && mv "$HOME/url.part" "$HOME/url"
`;

const LIMIT = { timeout: 60_000 };

let browser, page, hosts, home, sandbox, env;

before(async () => {
  await mkdir(SCREENSHOTS, { recursive: true });
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    // Without the middle ones it looks for its maker's services, which a test has no business with.
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
      "--disable-sync", "--disable-quic", "--no-first-run"],
  });
});

after(async () => browser?.close());

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "awsx-browser-"));
  await mkdir(path.join(home, ".aws"));
  await writeFile(path.join(home, ".aws/config"), CONFIG);
  await writeFile(path.join(home, "open"), OPENER);
  await chmod(path.join(home, "open"), 0o755);
  env = { HOME: home, PATH: process.env.PATH, LANG: "C.UTF-8", BROWSER: `${path.join(home, "open")} %s`, AWS_PAGER: "" };
  await startSandbox();

  page = await browser.newPage({ viewport: { width: 900, height: 600 } });
  hosts = new Set();
  page.on("request", (request) => hosts.add(new URL(request.url()).hostname));
});

afterEach(async () => {
  await page?.close();
  if (sandbox.exitCode === null) {
    sandbox.kill("SIGTERM");
    await once(sandbox, "exit");
  }
  await rm(home, { recursive: true });
});

test("a person approves on the sign-in page", LIMIT, async () => {
  const login = awsx("sso", "login", "--profile", "dev");
  await page.goto(await openedUrl());
  assert.match(await page.textContent("body"), /awsx-client-sandbox/, "the page says who asks");
  await screenshot("pkce-question");
  await page.click("#approve");

  await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback/);
  assert.match(await page.title(), /Sign-in complete/);
  await screenshot("pkce-complete");
  assert.equal(await page.locator("script").count(), 0);
  assertSignedIn(await login.end());
  await assertKnown();
});

test("a person denies on the sign-in page", LIMIT, async () => {
  const login = awsx("sso", "login", "--profile", "dev");
  await page.goto(await openedUrl());
  await page.click("#deny");

  await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback/);
  assert.doesNotMatch(await page.textContent("body"), /complete/i);
  await screenshot("pkce-denied");
  assertDenied(await login.end());
});

test("a person approves a device code", LIMIT, async () => {
  const login = awsx("sso", "login", "--profile", "dev", "--use-device-code");
  await page.goto(await openedUrl());
  const code = await page.inputValue("#user_code");
  assert.match(code, /^[A-Z]{4}-[A-Z]{4}$/);
  await login.says(code);
  await screenshot("device-question");
  await page.click("#approve");

  await page.getByRole("status").waitFor();
  assert.match(await page.textContent("body"), /device is approved/);
  await screenshot("device-complete");
  assertSignedIn(await login.end());
  await assertKnown();
});

test("a person denies a device code", LIMIT, async () => {
  const login = awsx("sso", "login", "--profile", "dev", "--use-device-code");
  await page.goto(await openedUrl());
  await page.click("#deny");

  await page.getByRole("status").waitFor();
  await screenshot("device-denied");
  assertDenied(await login.end());
});

function assertSignedIn({ status, stdout, stderr }) {
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /Successfully logged into Start URL: https:\/\/sandbox\.awsapps\.com\/start/);
  assert.deepEqual([...hosts], ["127.0.0.1"], "no page loads anything from elsewhere");
}

async function assertKnown() {
  const { status, stdout, stderr } = await awsx("sts", "get-caller-identity", "--profile", "dev").end();
  assert.equal(status, 0, stderr);
  assert.match(stdout, /AWSReservedSSO_Developer_/);
}

function assertDenied({ status, stdout, stderr }) {
  assert.notEqual(status, 0, stdout);
  assert.doesNotMatch(stdout, /Successfully/);
  assert.match(stderr, /denied/i);
}

async function startSandbox() {
  sandbox = spawn(AWSX_SANDBOX, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of readline.createInterface({ input: sandbox.stdout })) {
    const variable = /^export ([A-Z_]+)=(.*)$/.exec(line);
    if (!variable) return;
    env[variable[1]] = variable[2];
  }
  throw new Error("the sandbox ended without a word");
}

function awsx(...words) {
  const child = spawn(AWSX, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"]) {
    child[stream].setEncoding("utf8").on("data", (text) => (said[stream] += text));
  }
  const closed = once(child, "close");
  return {
    says: (text) => until(() => said.stdout.includes(text), `awsx says ${text}`),
    end: async () => ({ status: (await closed)[0], ...said }),
  };
}

async function openedUrl() {
  let url;
  await until(async () => (url = await readFile(path.join(home, "url"), "utf8").catch(() => "")), "awsx opens a page");
  return url;
}

async function until(holds, what) {
  for (let i = 0; i < 400; i += 1) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error(`not within 20 seconds: ${what}`);
}

async function screenshot(name) {
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
}
