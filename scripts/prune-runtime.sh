#!/bin/sh
# Removes from a node_modules what the service never loads on this platform: 380 of 670 MB.
#   scripts/prune-runtime.sh NODE_MODULES
set -eu
modules=$1

# transformers.js bundles what it needs of it; the service runs onnxruntime-node.
rm -rf "$modules/onnxruntime-web"

# onnxruntime-node ships the binaries of every platform in one package.
platform=$(node -p process.platform)
architecture=$(node -p process.arch)
for folder in "$modules"/onnxruntime-node/bin/napi-v*/*/*; do
  case $folder in
    */"$platform"/"$architecture") ;;
    *) rm -rf "$folder" ;;
  esac
done
