/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom the load is for: how to start the server and to bring people into its one room. */
#pragma once

#include "leg.h"

typedef struct
{
  /* Starts the program at @path; NULL: where Debian has it. */
  GSubprocess *(*start) (GrLoad *load, const char *path);
  /* @publishers people who send, and who with voice hear each other, then @subscribers who only receive from them. */
  void (*fill) (GrLoad *load, guint publishers, guint subscribers);
  void (*stop) (GrLoad *load, GSubprocess *process);
} GrLoadServer;

extern const GrLoadServer gr_load_greenroom;
extern const GrLoadServer gr_load_janus;
