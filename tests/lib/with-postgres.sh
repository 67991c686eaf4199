#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# with-postgres.sh COMMAND…: runs the command with a private PostgreSQL in $GREENROOM_TEST_POSTGRESQL (a URL), whose
# folder, for postgres.sh pause and resume, is $GREENROOM_TEST_POSTGRESQL_FOLDER.
set -euo pipefail

lib=$(dirname "${BASH_SOURCE[0]}")
GREENROOM_TEST_POSTGRESQL_FOLDER=$(mktemp -d /tmp/greenroom-postgres-XXXXXX)
trap 'bash "$lib/postgres.sh" stop "$GREENROOM_TEST_POSTGRESQL_FOLDER" >&2' EXIT
trap 'exit 143' TERM INT
GREENROOM_TEST_POSTGRESQL=$(bash "$lib/postgres.sh" start "$GREENROOM_TEST_POSTGRESQL_FOLDER")
export GREENROOM_TEST_POSTGRESQL GREENROOM_TEST_POSTGRESQL_FOLDER

"$@" &
command=$!
trap 'kill "$command" 2>/dev/null; exit 143' TERM INT
wait "$command"
