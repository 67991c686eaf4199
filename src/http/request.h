/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRequest: one HTTP request as a handler sees it: routed, authenticated, validated. Made by the router on the main
 * thread, handed to one pool thread, and answered on main again; never shared. */
#pragma once

#include <json-glib/json-glib.h>

#include "base/config.h"
#include "base/json-writer.h"
#include "contract.h"
#include "domain/accounts/accounts.h"
#include "domain/pictures/pictures.h"
#include "domain/ports/store.h"
#include "domain/rooms/house.h"
#include "domain/rooms/rooms.h"
#include "domain/rooms/visitors.h"
#include "domain/studio/shows.h"

G_BEGIN_DECLS

/* What handlers work with. Belongs to the composition root and outlives every request. */
typedef struct
{
  GrConfig *config;
  GrStore *store;
  GrAccounts *accounts;
  GrRooms *rooms;
  GrHouse *house;
  GrVisitors *visitors;
  GrStudio *studio;
  GrShows *shows;
  GrPictures *pictures;
} GrServices;

typedef struct
{
  const GrContractRoute *route;
  const GrServices *services;

  /* who */
  GrCaller *caller;   /* NULL: no token */
  GrRoomRecord *room; /* of a route for hosts: the room it names, or that of the following */
  GrBroadcastRecord *broadcast;
  GrRecording *recording;
  char *address; /* of the client, behind trusted proxies */
  char *agent;
  char *authorization;    /* the header */
  char *cookies;          /* the header */
  gboolean operator_seat; /* came over loopback, through no proxy */
  gboolean secure;        /* came over TLS */
  gboolean elsewhere;     /* from a page of another origin, which the operator allows */
  char *origin;           /* scheme and host under which the client sees us */

  /* what */
  char *id;      /* for the log */
  char **values; /* of the path's parameters, in order */
  char *query_text;
  GHashTable *query; /* name → value */
  GBytes *content;
  char *content_type;
  char *range;     /* the header */
  char *boundary;  /* of a form with files, or NULL */
  char *known;     /* the header If-None-Match, or NULL */
  JsonNode *body;  /* validated; NULL if the route has none in JSON */
  gint64 deadline; /* monotonic µs */

  /* the answer */
  guint status; /* 200 unless set */
  GString *text;
  GrJsonWriter json; /* appends to text */
  const char *type;  /* of the content; JSON unless set */
  GBytes *bytes;     /* instead of text: content that is none */
  char *etag;        /* with it, the answer never changes and may be kept for good */
  char *set_cookie;
  char *location;
  GInputStream *file; /* instead of text: so many bytes of it from where it stands */
  gint64 file_bytes;
  gboolean accept_ranges;
  char *content_range;
  char *disposition;
} GrRequest;

/* Runs on a pool thread. Writes the answer into @request, or fails. */
typedef gboolean (*GrHandler) (GrRequest *request, GError **error);

/* One row: which handler serves which operation of the contract. */
typedef struct
{
  GrOperation operation;
  GrHandler handler;
} GrBinding;

/* A parameter of the path, which the route declares. */
const char *gr_request_param (GrRequest *request, const char *name);

/* A parameter of the query, or NULL. */
const char *gr_request_query (GrRequest *request, const char *name);
gint gr_request_query_int (GrRequest *request, const char *name, gint fallback);

/* The validated body. */
JsonObject *gr_request_body (GrRequest *request);

/* Who asks, as a live room judges it. Points into @request. */
GrActor gr_request_actor (GrRequest *request);

GrDevice gr_request_device (GrRequest *request);

/* Lists: between these the handler writes items; @next is the id of the last one if there may be more. */
void gr_request_begin_list (GrRequest *request);
void gr_request_end_list (GrRequest *request, const char *next);

/* An answer without content. */
gboolean gr_request_no_content (GrRequest *request);

void gr_request_free (GrRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrRequest, gr_request_free)

G_END_DECLS
