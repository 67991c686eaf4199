/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrFakeProgram: a GrProgramPort that a test drives: what it was told is written down; the test emits its signals.
 * Owned by the test. Main thread. */
#pragma once

#include "domain/ports/program.h"

G_BEGIN_DECLS

#define GR_TYPE_FAKE_PROGRAM (gr_fake_program_get_type ())
G_DECLARE_FINAL_TYPE (GrFakeProgram, gr_fake_program, GR, FAKE_PROGRAM, GObject)

GrFakeProgram *gr_fake_program_new (void);

/* A word per call, as "start scene people watch add:ID add:ID"; emptied by this. The caller's. */
char *gr_fake_program_take_journal (GrFakeProgram *program);

/* The id and the JSON of the output whose JSON has @text in it; the latest. NULL: none. Owned by the fake. */
const char *gr_fake_program_find_output (GrFakeProgram *program, const char *text, const char **json);

/* Answers the call to end. */
void gr_fake_program_end (GrFakeProgram *program);

G_END_DECLS
