/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptions for tests of media/hub: what browsers wrote (sdp/README.md), and a small one. */
#pragma once

#include "base/error.h"
#include "media/hub/sdp.h"

/* A small offer with every attribute that we read. */
extern const char sdp_good[];

/* The text of sdp/@name; the caller's. @length may be NULL. */
char *sdp_read_fixture (const char *name, gsize *length);

/* @text with @by in the place of the first @what; the caller's. */
char *sdp_replace (const char *text, const char *what, const char *by);

/* What has to be understood; the caller's. */
GrSdp *sdp_parse (const char *text, GrSdpType type);
GrSdp *sdp_parse_fixture (const char *name, GrSdpType type);

/* The offer is refused with @code, for the field "sdp", in a message that has @needle in it; NULL: in any. */
void sdp_assert_refused (const char *text, gsize length, GrErrorCode code, const char *needle);

/* What a browser says of @codec: of H.264 at level 3.1. */
void sdp_init_parameters (GrCodecParameters *parameters, GrCodec codec);
