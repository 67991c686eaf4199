#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The one test command: bash tests/run.sh [--long] [SUITE…]
# Installs what the tests need, builds (plain in build/, with ASan and UBSan in build-asan/), runs the suites named, or
# all of them, and ends with the line "N passed, N failed". --long adds the slow variants of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. data/packages.sh
export LC_ALL=C.UTF-8

all_suites=(lint unit plugins pipelines fuzz client integration web)

packages=(
  git clang-format man-db groff-base  # lint
  dbus dbus-daemon procps             # a private bus; process figures
  fonts-dejavu-core                   # pages in the browsers
  libsrtp2-dev                        # the other side of our SRTP
  nginx libnginx-mod-rtmp ffmpeg      # servers that shows are sent to; ffprobe looks at what came
  gstreamer1.0-tools openssl          # gst-launch-1.0 for the lines in pipelines/; certificates
)

suites=()
for argument in "$@"; do
  case $argument in
    --long) export GREENROOM_TEST_LONG=1 ;;
    -*) die "tests/run.sh does not know $argument" "Usage: bash tests/run.sh [--long] [${all_suites[*]}]" ;;
    *)
      [[ " ${all_suites[*]} " == *" $argument "* ]] || die "there is no suite $argument" "The suites: ${all_suites[*]}"
      suites+=("$argument")
      ;;
  esac
done
[ ${#suites[@]} -gt 0 ] || suites=("${all_suites[@]}")

wants () { [[ " ${suites[*]} " == *" $1 "* ]]; }

passed=0
failed=0
completed=false
scratch=$(mktemp -d /tmp/greenroom-tests.XXXXXX)

finish () {
  local status=$?
  rm -rf "$scratch"
  # Stopped before the last suite: that is a failure too, and the line still comes.
  $completed || failed=$((failed + 1))
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] || exit 1
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# run_suite NAME FUNCTION: the function puts its JUnit files and meson logs into $scratch/NAME.
run_suite () {
  local name=$1 started status=0 counts ok bad skipped
  shift
  wants "$name" || return 0
  say "$name"
  mkdir -p "$scratch/$name"
  started=$(date +%s%N)
  "$@" "$scratch/$name" || status=$?
  counts=$(python3 tests/lib/count.py "$status" $(find "$scratch/$name" -name '*.xml' -o -name '*.json'))
  read -r ok bad skipped <<<"$counts"
  passed=$((passed + ok))
  failed=$((failed + bad))
  printf '%-12s %4d passed %4d failed %4d skipped %7.1f s\n' "$name" "$ok" "$bad" "$skipped" \
    "$((($(date +%s%N) - started) / 100000000))e-1"
}

# meson_suite SUITE BUILD REPORTS [options of meson test]
meson_suite () {
  local suite=$1 build=$2 reports=$3 status=0
  shift 3
  meson test -C "$build" --no-rebuild --suite "$suite" --logbase "$suite" --print-errorlogs "$@" || status=$?
  cp "$build/meson-logs/$suite.json" "$build/meson-logs/$suite.junit.xml" "$reports/" 2>/dev/null || true
  if [ -f "$reports/$suite.junit.xml" ]; then
    mv "$reports/$suite.junit.xml" "$reports/$suite.xml"
  fi
  return $status
}

lint () { meson_suite lint build "$1"; }

unit () { meson_suite unit build-asan "$1" --timeout-multiplier 3; }

plugins () { meson_suite plugins build-asan "$1" --timeout-multiplier 3; }

pipelines () { meson_suite pipelines build-asan "$1" --timeout-multiplier 3; }

fuzz () { meson_suite fuzz build-asan "$1" --timeout-multiplier 3; }

# One case per command that has no report of its own.
checked () {
  local reports=$1 name=$2 verdict=''
  shift 2
  "$@" || verdict='<failure/>'
  printf '<testsuite><testcase classname="check" name="%s">%s</testcase></testsuite>\n' "$name" "$verdict" >"$reports/$name.xml"
}

types_of () { (cd "$1" && "$node" node_modules/typescript/bin/tsc --noEmit); }

client () {
  checked "$1" types-of-the-client types_of src/web
  checked "$1" types-of-the-tests types_of tests
  (cd src/web && "$node" node_modules/vitest/vitest.mjs run --reporter=default --reporter=junit --outputFile.junit="$1/vitest.xml")
}

# node_suite FOLDER REPORTS [options of node --test]: the files in FOLDER, each in a process of its own.
node_suite () {
  local folder=$1 reports=$2
  shift 2
  "$node" --experimental-strip-types --no-warnings --test "$@" \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=junit --test-reporter-destination="$reports/node.xml" \
    "tests/$folder/**/*.test.ts"
}

integration () { node_suite integration "$1" --test-concurrency=2 --test-timeout=120000; }

web () { node_suite web "$1" --test-concurrency=1 --test-timeout=240000; }

if wants unit || wants integration; then
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
fi
if wants web; then
  packages+=(chromium firefox-esr)
fi
need_packages "${build_packages[@]}" "${packages[@]}"
if wants integration || wants web; then
  bash data/run.sh --build-only
else
  build_daemon_in build
fi
node=$PWD/src/web/node_modules/node/bin/node
if wants client || wants integration || wants web; then
  npm_tree src/web
  npm_tree tests
  client_contract
fi
if wants unit || wants plugins || wants pipelines || wants fuzz; then
  build_daemon_in build-asan -Db_sanitize=address,undefined -Dwerror=true
fi

export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

run_suite lint lint
run_suite unit unit
run_suite plugins plugins
run_suite pipelines pipelines
run_suite fuzz fuzz
run_suite client client
run_suite integration integration
run_suite web web
completed=true
