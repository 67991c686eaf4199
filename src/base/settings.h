/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of all settings: GrConfig reads by it, and the example configuration is written from it. Constant. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GR_SETTING_STRING,
  GR_SETTING_INT,
  GR_SETTING_BOOL,
  GR_SETTING_LIST,     /* separated by commas */
  GR_SETTING_NETWORKS, /* a list of CIDR */
  GR_SETTING_LISTEN,
  GR_SETTING_CHOICE,
} GrSettingType;

typedef struct
{
  const char *section;
  const char *key;
  GrSettingType type;
  const char *fallback;
  const char *help;
  gint64 minimum;
  gint64 maximum;
  const char *choices; /* separated by bars */
} GrSetting;

extern const GrSetting gr_settings[];
extern const gsize gr_n_settings;

G_END_DECLS
