/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a process that decodes strangers' pictures gives up. Once per process, on its only thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From here on the process, and every thread that it starts, may use the descriptors that it has, memory and time, and
 * nothing else: it opens no file and no socket, runs no program and gains no privilege (seccomp(2), an allow-list; any
 * other call fails with ENOSYS), and is bounded in memory, time and the size of what it writes (setrlimit(2)). Fails
 * with GR_ERROR_INTERNAL where the kernel cannot do that. */
gboolean gr_confine (GError **error);

G_END_DECLS
