#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# by-hand.sh PIPELINES: runs the line for gst-launch-1.0 of every file in the folder PIPELINES, as somebody would
# who pastes it, and looks at what came of it. One case each, as TAP. A file without such a line fails.
set -euo pipefail
pipelines=$1
scratch=$(mktemp -d)
nginx=
trap '[ -z "$nginx" ] || kill "$nginx"; rm -rf "$scratch"' EXIT
cd "$scratch"
export LC_ALL=C.UTF-8

# A receiver on a port of its own; the line says 1935.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >nginx.conf <<CONF
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
user $(id -un); daemon off; master_process off; error_log nginx.log; pid nginx.pid;
events { worker_connections 16; }
rtmp { server { listen 127.0.0.1:$port; application live { live on; record all; record_path $scratch; } } }
CONF
nginx -c "$scratch/nginx.conf" -p "$scratch" 2>/dev/null &
nginx=$!
timeout 10 bash -c "until (: </dev/tcp/127.0.0.1/$port) 2>/dev/null; do :; done"

# What follows "gst-launch-1.0" in the comment, on one line.
line_of () {
  sed -n '/^# gst-launch-1.0 /,/^[^#]/{/^#/p}' "$1" | sed 's/^# *//; s/^gst-launch-1.0 //' | tr '\n' ' '
}

# What the line writes: the last location that is no address.
product_of () { grep -o 'location=[^ ]*' <<<"$1" | sed 's/location=//' | grep -v '^rtmp' | tail -n 1 || true; }

# Those that write what others read come first.
names=(encode-aac encode-opus encode-h264 record-mix finish-mp4 thumbnail)
for file in "$pipelines"/*.launch; do
  name=$(basename "$file" .launch)
  [[ " ${names[*]} " == *" $name "* ]] || names+=("$name")
done

echo "1..${#names[@]}"
number=0
for name in "${names[@]}"; do
  number=$((number + 1))
  line=$(line_of "$pipelines/$name.launch")
  product=$(product_of "$line")
  [ -z "$product" ] || [[ $line == *"filesrc location=$product"* ]] || rm -f "$product"
  verdict='not ok'
  # Nothing in a line wants a shell's expansion; the words are gst-launch's.
  set -f
  # shellcheck disable=SC2086
  if [ -n "$line" ] && timeout 60 gst-launch-1.0 -q ${line//:1935/:$port} >"$name.log" 2>&1; then
    [ -n "$product" ] || product=KEY.flv
    ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "$product" >"$name.streams" 2>>"$name.log" &&
      [ -s "$name.streams" ] && verdict=ok
  fi
  set +f
  [ "$verdict" = ok ] || sed 's/^/# /' "$name.log"
  echo "$verdict $number $name: $(tr '\n' ' ' <"$name.streams" 2>/dev/null)"
done
