#!/usr/bin/env bash
# Installs the agent CLIs that the profile real-cli drives, in the versions that Turnout was tested with.
# usage: scripts/install-real-clis.sh [DIR]   (target/real-cli beside this folder)
# Exits 0 without npm or without the registry: the tests then skip and say why.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${1:-$here/../target/real-cli}

packages=(
  @anthropic-ai/claude-code@2.1.329
  @openai/codex@0.169.0
  @google/gemini-cli@0.61.0
)

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
why=$dir/not-installed.txt
rm -f "$why"

excuse() {
  echo "$1" | tee "$why" >&2
  exit 0
}

# The version that stands in an installed package's own description.
installed() {
  sed -n 's/^ *"version": *"\([^"]*\)".*/\1/p' "$dir/node_modules/$1/package.json" 2>/dev/null | head -n 1
}

missing=()
for package in "${packages[@]}"; do
  [ "$(installed "${package%@*}")" = "${package##*@}" ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "the agent CLIs are in $dir"
  exit 0
fi

command -v npm >/dev/null 2>&1 ||
  excuse "npm was not found on the PATH: install Node.js 20 or newer (https://nodejs.org), then run scripts/install-real-clis.sh $dir"
echo "installing ${missing[*]} into $dir (about 900 MB for all three, once)"
npm install --prefix "$dir" --no-save --no-audit --no-fund --loglevel=error "${packages[@]}" ||
  excuse "npm could not install ${missing[*]}: what it said is above; run scripts/install-real-clis.sh $dir again"
echo "the agent CLIs are in $dir"
