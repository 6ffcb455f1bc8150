#!/usr/bin/env bash
# Checks the image as far as that goes without a Docker engine, and runs what its last stage holds: dist, data, models
# and production packages, in a folder that the service's user cannot write to. Needs `npm ci` and `npm run build`.
set -euo pipefail
cd "$(dirname "$0")/.."

[[ -f dist/main.js ]] || { echo "dist/main.js is missing: npm run build" >&2; exit 66; }
if command -v hadolint >/dev/null; then hadolint Dockerfile; else echo "hadolint is not installed: Dockerfile not linted"; fi
if docker compose version >/dev/null 2>&1; then
  POSTGRES_PASSWORD=x API_KEYS=x docker compose --env-file /dev/null config --quiet
else
  echo "docker compose is not installed: compose.yaml not resolved"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/feedback-triage-image.XXXXXX")
trap 'rm -rf "$work"' EXIT
app=$work/app
state=$work/state
mkdir -p "$app/node_modules" "$state"

cp -r package.json dist "$app"
cp -r data "$app/data"
cp -r models "$app/models"
# What `npm ci --omit=dev` would install: the entries of the lock file that are no development dependencies.
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

as_service() { "$@"; }
if [[ $(id -u) -eq 0 ]]; then
  chmod 755 "$work"
  chown nobody "$state"
  as_service() { runuser -u nobody -- "$@"; }
else
  chmod -R a-w "$app"
  trap 'chmod -R u+w "$app"; rm -rf "$work"' EXIT
fi
cd "$app"
serve() { as_service env -i PATH="$PATH" NODE_ENV=production DATA_DIR="$state" "$@"; }
serve node dist/main.js --help >/dev/null
serve node dist/main.js triage data/samples/feedback.jsonl >"$work/triage.txt" || { cat "$work/triage.txt"; exit 1; }
du -sh "$app" | awk '{ print "the application is " $1 " without Node" }'
