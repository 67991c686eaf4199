/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What processes that we start get of our environment: not our own settings (GREENROOM_…) nor libpq's (PG…), which may
 * hold passwords. A process that a decoder broke must not find the database in it. Any thread, as
 * long as none changes it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): for g_subprocess_launcher_set_environ(). */
char **gr_worker_environment (void);

G_END_DECLS
