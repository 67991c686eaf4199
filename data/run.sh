#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds Greenroom and starts it: bash data/run.sh [--build-only] [options of greenroomd]
# Installs the Debian packages it lacks (as root, or through sudo), builds daemon and client, each only when something
# changed, and starts the daemon in the foreground. The daemon says where to open it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. data/packages.sh

# Names, times and sizes of what the client is made of tell a change, and a removal too.
client_sources () {
  find src/web schemas \( -name node_modules -o -name dist -o -name __pycache__ \) -prune -o -type f -printf '%p %T@ %s\n' |
    sort | sha256sum
}

build_client () {
  npm_tree src/web
  client_contract
  [ ! -e build/web/index.html ] || [ "$(client_sources)" != "$(cat build/web.stamp 2>/dev/null)" ] || return 0

  say "building the client"
  (cd src/web && node_modules/node/bin/node node_modules/vite/bin/vite.js build \
    --outDir ../../build/web --emptyOutDir --logLevel warn) ||
    die "the client does not build" "The lines above say why; after a merge, remove src/web/node_modules and try again."
  client_sources >build/web.stamp
}

need_packages "${build_packages[@]}"
build_daemon_in build
build_client

if [ "${1:-}" = --build-only ]; then
  exit 0
fi

export GREENROOM_HTTP_ROOT=${GREENROOM_HTTP_ROOT-$PWD/build/web}
export GREENROOM_MEDIA_PROGRAM=${GREENROOM_MEDIA_PROGRAM-$PWD/build/src/media/greenroom-media}
export GREENROOM_PICTURES_PROGRAM=${GREENROOM_PICTURES_PROGRAM-$PWD/build/src/image/greenroom-image}
exec build/src/greenroomd "$@"
