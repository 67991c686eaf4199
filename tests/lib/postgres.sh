#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A private PostgreSQL for tests, on a UNIX socket only:
#   postgres.sh start FOLDER   makes FOLDER, starts the server in it and prints the URL of an empty database
#   postgres.sh stop FOLDER    stops it and removes FOLDER
#   postgres.sh pause FOLDER / resume FOLDER   stops and starts the server in place, as an outage does
# FOLDER lies under /tmp, since a socket's path holds 107 bytes. PostgreSQL refuses to run as root: then it runs as the
# user postgres.
set -euo pipefail

verb=${1:?start, stop, pause or resume}
folder=${2:?a folder}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "error: no PostgreSQL server under /usr/lib/postgresql" >&2; exit 1; }

as_server () {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

# The database lives for minutes: no fsync.
server_on () {
  as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 30 -s \
    -o "-k $folder -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=100" start \
    </dev/null >/dev/null || { cat "$folder/log" >&2; exit 1; }
}

case $verb in
  start)
    mkdir -p "$folder"
    chmod 755 "$folder"
    [ "$(id -u)" != 0 ] || chown postgres "$folder"
    as_server "$bin/initdb" -D "$folder/data" -U greenroom -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    server_on
    as_server "$bin/createdb" -h "$folder" -U greenroom greenroom
    echo "postgresql://greenroom@/greenroom?host=$folder"
    ;;
  pause) as_server "$bin/pg_ctl" -D "$folder/data" -m immediate -w -s stop ;;
  resume) server_on ;;
  stop)
    as_server "$bin/pg_ctl" -D "$folder/data" -m immediate -w -s stop || true
    rm -rf "$folder"
    ;;
  *) echo "error: $verb is none of start, stop, pause, resume" >&2; exit 2 ;;
esac
