/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The word lists behind room codes, for gr_code_new() and its test. Constant. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

extern const char *const gr_words_first[];
extern const char *const gr_words_second[];
extern const guint gr_n_words_first;
extern const guint gr_n_words_second;

G_END_DECLS
