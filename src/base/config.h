/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrConfig: the settings, from built-in defaults, then a key file, then GREENROOM_SECTION_KEY variables, then
 * `-o section.key=value`; the table in settings.c declares them all. Immutable once start-up is over, then any thread.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GrConfig GrConfig;

/* The key file that is read where none is named: greenroom/greenroom.conf in $XDG_CONFIG_HOME, or in /etc; NULL if
 * neither is there. */
char *gr_config_find (void);

/* Reads the key file at @path (NULL: none) and the environment. An unknown key or a bad value is
 * GR_ERROR_INVALID_INPUT and names it; a file that cannot be read is GR_ERROR_NOT_FOUND. */
GrConfig *gr_config_new (const char *path, GError **error);
GrConfig *gr_config_ref (GrConfig *config);
void gr_config_unref (GrConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrConfig, gr_config_unref)

/* Overrides one setting: the command line, and tests. Start-up only. */
gboolean gr_config_set (GrConfig *config, const char *section, const char *key, const char *value, GError **error);

/* Likewise from "section.key=value". */
gboolean gr_config_set_option (GrConfig *config, const char *option, GError **error);

/* What is set, or the default. The key must be in the table and of that type. Results belong to @config. */
const char *gr_config_get_string (GrConfig *config, const char *section, const char *key);
gint64 gr_config_get_int (GrConfig *config, const char *section, const char *key);
gboolean gr_config_get_bool (GrConfig *config, const char *section, const char *key);
const char *const *gr_config_get_list (GrConfig *config, const char *section, const char *key);

/* [data] dir, or where this kind of process keeps its data: $STATE_DIRECTORY, /var/lib/greenroom for root,
 * $XDG_DATA_HOME/greenroom otherwise. */
char *gr_config_data_dir (GrConfig *config);

/* The networks of a list of CIDR (GInetAddressMask). */
GPtrArray *gr_config_get_networks (GrConfig *config, const char *section, const char *key);

/* A complete commented greenroom.conf, also what `--help-config` prints. */
char *gr_config_example (void);

G_END_DECLS
