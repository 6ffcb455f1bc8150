#!/usr/bin/env bash
# Checks the image as far as that goes without a Docker engine: does what the stages of the Dockerfile do, copies and
# environment read from it, and runs the result in a folder that the service's user cannot write to. Needs `npm ci`.
set -euo pipefail
cd "$(dirname "$0")/.."

if command -v hadolint >/dev/null; then hadolint Dockerfile; else echo "hadolint is not installed: Dockerfile not linted"; fi
if docker compose version >/dev/null 2>&1; then
  POSTGRES_PASSWORD=x API_KEYS=x docker compose --env-file /dev/null config --quiet
else
  echo "docker compose is not installed: compose.yaml not resolved"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/feedback-triage-image.XXXXXX")
service=
clean_up() {
  if [[ -n $service ]]; then kill "$service" 2>/dev/null || true; wait "$service" 2>/dev/null || true; fi
  chmod -R u+w "$work"
  rm -rf "$work"
}
trap clean_up EXIT
fail() { echo "$1" >&2; [[ -z ${2:-} ]] || cat "$2" >&2; exit 1; }
build=$work/build
app=$work/app
state=$work/state
mkdir -p "$build" "$app/node_modules" "$state"

# dockerfile STAGE copies|env|health: what the stage (from 1) takes from the build context, its environment, its check.
dockerfile() {
  node -e '
    const [stage, what] = process.argv.slice(1);
    const text = require("node:fs").readFileSync("Dockerfile", "utf8").replaceAll("\\\n", " ");
    const lines = text.split(/^FROM /m)[stage].split("\n");
    const rest = (name) => lines.flatMap((line) => (line.startsWith(name + " ") ? [line.slice(name.length + 1).trim()] : []));
    const print = {
      copies: () => rest("COPY").filter((copy) => !copy.startsWith("--")).map((copy) => copy.replace(/\s+/g, " ")),
      env: () => rest("ENV").flatMap((pairs) => pairs.split(/\s+/)),
      health: () => rest("HEALTHCHECK").map((check) => JSON.parse(check.slice(check.indexOf("CMD ") + 4))[2]),
    };
    console.log(print[what]().join("\n"));' "$1" "$2"
}

# copy STAGE TARGET: the COPY lines of a stage, without what .dockerignore leaves out of a folder that it lets through.
copy() {
  local stage=$1 target=$2 words
  while read -r -a words; do
    local to=$target/${words[-1]} from=("${words[@]:0:${#words[@]}-1}")
    if [[ -d ${from[0]} ]]; then cp -r "${from[0]}" "$to"; else cp "${from[@]}" "$to"; fi
  done < <(dockerfile "$stage" copies)
  grep -vE '^(#|!|\*|$)' .dockerignore | while read -r left_out; do rm -rf "${target:?}/$left_out"; done
}

# 1. The build, from nothing but what its stage copies.
copy 1 "$build"
ln -s "$PWD/node_modules" "$build/node_modules"
(cd "$build" && npm run -s build)
[[ -f $build/dist/main.js ]] || fail "the build made no dist/main.js"

# 2. What `npm ci --omit=dev` would install: the entries of the lock file that are no development dependencies.
node -e '
  const { packages } = JSON.parse(require("node:fs").readFileSync("package-lock.json", "utf8"));
  const own = ([location, entry]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(location) && !entry.dev;
  console.log(Object.entries(packages).filter(own).map(([location]) => location).join("\n"));' |
  while read -r location; do
    [[ -d $location ]] || continue # for another platform
    mkdir -p "$app/$(dirname "$location")"
    cp -r "$location" "$app/$location"
  done
scripts/prune-runtime.sh "$app/node_modules"

# 3. The image: its own copies, and dist.
copy 3 "$app"
cp -r "$build/dist" "$app/dist"

as_service() { "$@"; }
if [[ $(id -u) -eq 0 ]]; then
  chmod 755 "$work"
  chmod -R go-w "$app"
  chown nobody "$state"
  as_service() { runuser -u nobody -- "$@"; }
else
  chmod -R a-w "$app"
fi
if as_service touch "$app/dist/probe" 2>/dev/null; then fail "the service's user can write to the application"; fi
health=$(dockerfile 3 health)
mapfile -t environment < <(dockerfile 3 env)
port=$(node -e 'const s = require("node:net").createServer().listen(0, () => { console.log(s.address().port); s.close(); })')
cd "$app"
# run NAME=VALUE… COMMAND…: with the image's environment, another port and a folder of ours for its volume.
run() { as_service env -i PATH="$PATH" "${environment[@]}" PORT="$port" DATA_DIR="$state" "$@"; }

run node dist/main.js --help >/dev/null
code=0
run node dist/main.js serve >"$work/refused.txt" 2>&1 || code=$?
((code == 78)) || fail "without API_KEYS it must refuse to start with 78, not $code" "$work/refused.txt"
run node dist/main.js triage data/samples/feedback.jsonl >"$work/triage.txt" || fail "triage failed" "$work/triage.txt"

run node dist/main.js keys new check >"$work/keys.txt"
key=$(sed -n 's/^Key (shown once): //p' "$work/keys.txt")
entry=$(sed -n 's/^Add to API_KEYS:  //p' "$work/keys.txt")
# setpriv becomes the service, where runuser would stand between it and the signal.
as_process=()
if [[ $(id -u) -eq 0 ]]; then as_process=(setpriv --reuid=nobody "--regid=$(id -g nobody)" --clear-groups); fi
"${as_process[@]}" env -i PATH="$PATH" "${environment[@]}" PORT="$port" DATA_DIR="$state" API_KEYS="$entry" \
  node dist/main.js serve >"$work/serve.txt" 2>&1 &
service=$!
# The image's own check says that the process is alive, which it is before model and database are loaded.
for ((tries = 0; ; tries++)); do
  PORT=$port node -e "$health" && PORT=$port node -e "${health//livez/readyz}" && break
  kill -0 "$service" 2>/dev/null || fail "the service ended" "$work/serve.txt"
  ((tries < 240)) || fail "the service is not ready after 2 minutes" "$work/serve.txt"
  sleep 0.5
done
PORT=$port KEY=$key node -e '
  const get = async (path, options) => {
    const answer = await fetch("http://127.0.0.1:" + process.env.PORT + path, options);
    const text = await answer.text();
    console.log(path, answer.status, text.length);
    return { status: answer.status, text };
  };
  const check = (good, what) => { if (!good) { console.error("wrong: " + what); process.exitCode = 1; } };
  (async () => {
    check((await get("/readyz")).text.includes("\"ready\""), "/readyz");
    const script = await get("/docs/scalar.js");
    check(script.status === 200 && script.text.length > 100_000, "/docs/scalar.js");
    check((await get("/docs")).status === 200, "/docs");
    check((await get("/v1/feedback")).status === 401, "/v1/feedback without a key");
    const headers = { authorization: "Bearer " + process.env.KEY, "content-type": "application/json" };
    const body = JSON.stringify({ text: "我的账户被盗了，刚刚有人提走了12000 USDT" });
    check((await get("/v1/feedback", { method: "POST", headers, body })).status === 201, "POST /v1/feedback");
  })();' || fail "an answer was wrong" "$work/serve.txt"
kill -TERM "$service"
code=0
wait "$service" || code=$?
service=
((code == 0)) || fail "SIGTERM must end it with 0, not $code" "$work/serve.txt"
du -sh "$app" | awk '{ print "the application is " $1 " without Node" }'
