/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chains of elements as text: pipelines/NAME.launch, built in, and the operator's own of the same name in a configured
 * directory, which wins. A file is gst-launch text. Lines that begin with # are comments; those of the form
 *
 *   # {bits} = 160000: bit/s
 *
 * declare a parameter, what it is if nobody says, and what it means; {bits} in the text is replaced. A parameter that
 * the text does not use is what the program wants to know of the chain. Any thread; holds no state. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* @parameters: name, value, name, value … NULL. Values are letters, digits and ".:/+_-". A given one that the file does
 * not declare is ignored: the operator had no use for it. */

/* The file as it is. GR_ERROR_NOT_FOUND, GR_ERROR_UNAVAILABLE. @directory may be NULL. */
char *gr_launch_read (const char *directory, const char *name, GError **error);

/* Its text without comments, filled. GR_ERROR_INVALID_INPUT names the file, the line and what is wrong. */
char *gr_launch_text (const char *directory, const char *name, const char *const *parameters, GError **error);

/* A bin with a ghost pad "sink" for what is not linked at its front and "src" at its end, floating.
 * GR_ERROR_UNAVAILABLE if GStreamer cannot make it: the message names the file and, where one is missing, the element.
 */
GstElement *gr_launch_make (const char *directory, const char *name, const char *const *parameters, GError **error);

/* Likewise, without ghost pads: a chain with a source of its own, or whose elements are linked to by name. */
GstElement *
gr_launch_make_whole (const char *directory, const char *name, const char *const *parameters, GError **error);

/* What the file declares for @parameter, as a number; @fallback if it does not. */
gint64 gr_launch_number (const char *directory, const char *name, const char *parameter, gint64 fallback);

/* What follows "gst-launch-1.0" in the file's comment, on one line: a pipeline that anyone can run by hand, without -e
 * and the like. GR_ERROR_NOT_FOUND if it has none. */
char *gr_launch_example (const char *directory, const char *name, GError **error);

/* The names of those that are built in, sorted. */
char **gr_launch_names (void);

G_END_DECLS
