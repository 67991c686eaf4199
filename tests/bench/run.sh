#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# bash tests/bench/run.sh NAME: runs the benchmark tests/bench/NAME (TypeScript or C) against the build in build/, installing what it needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. data/packages.sh
name=${1:?which benchmark: server, join, hub or show}

case $name in
  server)
    need_packages wrk
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need_packages postgresql
    ;;
  join) need_packages chromium ;;
  hub) need_packages janus iproute2 util-linux ;;
  show) need_packages ffmpeg ;;
  *) die "there is no benchmark $name" "The benchmarks: server join hub show" ;;
esac
bash data/run.sh --build-only >&2
if [ "$name" = show ]; then
  export GREENROOM_MEDIA=$PWD/build/src/media/greenroom-media
  exec build/tests/bench/bench-show "${@:2}"
fi
npm_tree tests >&2
exec src/web/node_modules/node/bin/node --experimental-strip-types --no-warnings "tests/bench/$name.ts"
