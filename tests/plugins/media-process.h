/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* greenroom-media at the other end of a socketpair, as greenroomd starts it; the program is in GREENROOM_MEDIA. Main
 * thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define MEDIA_PATH "/org/greenroom/Media1"

/* @role: the words after the program's name, NULL at the end. (transfer full), as is @connection. */
GSubprocess *media_process_start (const char *const *role, GDBusConnection **connection);

/* Calls a method of @interface, which must work, with one descriptor, which is taken. */
void media_process_give_fd (
    GDBusConnection *connection, const char *interface, const char *method, GVariant *arguments, int fd);

G_END_DECLS
