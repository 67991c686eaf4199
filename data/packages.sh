# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Sourced by data/run.sh and tests/run.sh: Debian packages and npm trees, fetched only when they are missing.

# What building the daemon and the client needs.
build_packages=(
  ca-certificates # for npm
  gcc libc6-dev meson ninja-build pkg-config
  libglib2.0-dev libjson-glib-dev libsodium-dev libsoup-3.0-dev libsqlite3-dev libpq-dev
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libgstreamer-plugins-bad1.0-dev libssl-dev
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
  gstreamer1.0-plugins-ugly gstreamer1.0-libav # x264enc; avenc_aac and H.264 decoders
  gstreamer1.0-nice # webrtcbin asks for nicesrc and nicesink, even where the hub brings its own
  libvips-dev # greenroom-image
  libyuv-dev # the mixer
  libpango1.0-dev libcairo2-dev fonts-inter fonts-noto-core # titles in the picture
  python3 python3-yaml # schemas/generate.py
)

say () { printf '\033[1m:: %s\033[0m\n' "$*"; }

die () {
  printf 'error: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '       %s\n' "$2" >&2
  exit 1
}

# need_packages NAME…: installs those that dpkg does not know as installed.
need_packages () {
  local missing as_root=()
  missing=$(comm -23 <(printf '%s\n' "$@" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | sort -u))
  [ -n "$missing" ] || return 0

  command -v apt-get >/dev/null || die "these packages are missing: ${missing//$'\n'/ }" \
    "This is not Debian; install what your system calls them, or run Greenroom in a Debian 12 container."
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "these packages are missing: ${missing//$'\n'/ }" \
      "Run this once as root: apt-get install ${missing//$'\n'/ }"
    as_root=(sudo)
  fi

  say "installing ${missing//$'\n'/ }"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q >/dev/null ||
    die "apt-get update failed" "Check the network and /etc/apt/sources.list, then run this again."
  # shellcheck disable=SC2086
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null ||
    die "apt-get could not install the packages above" "Run it by hand to see why: apt-get install ${missing//$'\n'/ }"
}

# 0 where there is none.
node_version () { { node --version 2>/dev/null || echo v0; } | sed 's/^v\([0-9]*\).*/\1/'; }

# A node of version 18 or newer and npm, wherever they come from, need no package: Debian's would conflict with another's.
need_node () {
  if [ "$(node_version)" -lt 18 ]; then
    need_packages nodejs npm
  elif ! command -v npm >/dev/null; then
    need_packages npm
  fi
}

npm_ci () {
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error >/dev/null) ||
    die "npm ci failed in $1" "Check that this machine reaches its npm registry, then run this again."
}

# npm_tree FOLDER: makes node_modules what the lockfile says, when the lockfile has changed since the last time.
npm_tree () {
  local stamp=$1/node_modules/.greenroom-lockfile now
  now=$(sha256sum <"$1/package-lock.json")
  [ "$(cat "$stamp" 2>/dev/null)" != "$now" ] || return 0

  need_node
  say "fetching the npm packages of $1"
  npm_ci "$1"
  # npm leaves out, without a word, native parts that want a newer Node than the one it runs on; vite's want 20. So with
  # an older one npm runs again, on the Node that the first run brought. Debian's npm looks for its modules in NODE_PATH.
  if [ "$(node_version)" -lt 20 ] && [ -x "$1/node_modules/node/bin/node" ]; then
    mkdir -p build/node
    ln -f "$1/node_modules/node/bin/node" build/node/node
    PATH=$PWD/build/node:$PATH NODE_PATH=/usr/share/nodejs npm_ci "$1"
  fi
  printf '%s\n' "$now" >"$stamp"
}

# The client's types of the contract; the file keeps its time when nothing changed.
client_contract () {
  python3 schemas/generate.py typescript build/contract.ts
  cmp -s build/contract.ts src/web/protocol/contract.ts || cp build/contract.ts src/web/protocol/contract.ts
}

# build_daemon_in FOLDER [options of meson setup]: configures once; ninja sees for itself what changed after that.
build_daemon_in () {
  local folder=$1
  shift
  if [ ! -f "$folder/build.ninja" ]; then
    say "configuring $folder"
    mkdir -p "$folder"
    if ! meson setup "$folder" "$@" >"$folder/setup.log" 2>&1; then
      tail -n 20 "$folder/setup.log" >&2
      die "meson could not configure $folder" "Remove the folder $folder and try again."
    fi
  fi
  ninja -C "$folder" -n 2>/dev/null | grep -q 'no work to do' || say "building in $folder"
  if ! ninja -C "$folder" >"$folder/build.log" 2>&1; then
    sed -E '/^\[[0-9]+\/[0-9]+\] /d' "$folder/build.log" | tail -n 60 >&2
    die "the build in $folder failed" "The whole log is $folder/build.log."
  fi
}
