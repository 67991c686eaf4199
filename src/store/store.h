/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The GrStore of greenroomd: the port in domain/ports/store.h spoken in SQL. Owned by the composition root; any
 * thread, every call blocks. */
#pragma once

#include "domain/ports/store.h"

G_BEGIN_DECLS

/* Opens the database and brings its tables up to date. @url: NULL or "" for SQLite in @data_dir/greenroom.db, or
 * "postgresql://…"; @pool_size: as many connections as there are threads that use the store. GR_ERROR_INVALID_INPUT
 * for a bad URL, GR_ERROR_UNAVAILABLE when it cannot be opened, GR_ERROR_CONFLICT when a newer Greenroom made it. */
GrStore *gr_store_open (const char *url, const char *data_dir, gint pool_size, GError **error);

G_END_DECLS
