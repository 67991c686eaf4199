/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "http"

#include "http/router.h"

#include <string.h>

#include "base/error.h"
#include "base/household.h"
#include "base/id.h"
#include "base/log.h"
#include "base/main-call.h"
#include "base/metrics.h"
#include "base/rate-limiter.h"
#include "http/client-address.h"
#include "http/file-answer.h"
#include "http/pipeline.h"
#include "http/query.h"

#define MAX_ADDRESSES 20000

/* Of what never changes while its address works. */
#define IMMUTABLE "public, max-age=31536000, immutable"
#define GUESTS_PER_MINUTE 60

struct _GrRouter
{
  GObject parent;

  SoupServer *server;
  const GrServices *services;
  GrStatic *files;
  GrRouterPools pools;
  GPtrArray *proxies; /* GInetAddressMask */
  GrRateLimiter *limits[GR_N_LIMITS];
  GrMetric *latency[GR_N_OPERATIONS];
  GrMetric *responses[6]; /* by the status's first digit */
  GrUpgradeFunc upgrade;
  gpointer upgrade_data;
};

G_DEFINE_FINAL_TYPE (GrRouter, gr_router, G_TYPE_OBJECT)

/* A request on its way: paused in libsoup until the pool has answered. */
typedef struct
{
  GrRouter *router;
  SoupServerMessage *message;
  GrRequest *request;
  gint64 began; /* monotonic µs */
} Passage;

/* The page may load nothing but itself, and speak to its own server (and to what the operator allows by hosting the
 * client elsewhere: then that host sets its own policy). */
static const struct
{
  const char *name;
  const char *value;
} safety_headers[] = {
  { "X-Content-Type-Options", "nosniff" },
  { "Referrer-Policy", "strict-origin-when-cross-origin" },
  { "X-Frame-Options", "DENY" },
  { "Cross-Origin-Opener-Policy", "same-origin" },
  { "Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), geolocation=()" },
  { "Content-Security-Policy",
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; "
    "style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'" },
};

static void
write_error (SoupServerMessage *message, const GError *error)
{
  const GrErrorTraits *traits = gr_error_traits (error);
  GString *text = gr_pipeline_error_text (error);

  if (traits->status == 429 || traits->status == 503)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After", "2");

  soup_server_message_set_status (message, traits->status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text->str, text->len);
  g_string_free (text, FALSE);
}

static void
refuse (SoupServerMessage *message, GrErrorCode code, const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (GR_ERROR, code, sentence);

  write_error (message, error);
}

static gboolean
origin_is_allowed (GrRouter *router, SoupServerMessage *message, const char *origin)
{
  const char *const *allowed = gr_config_get_list (router->services->config, "http", "allowed-origins");

  return gr_pipeline_same_host (origin, soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                                      "Host"))
         || g_strv_contains (allowed, origin);
}

/* Cross-origin requests (Fetch standard, section 3.2): only from the origins that the operator named. FALSE if the
 * message has its answer already. */
static gboolean
check_origin (GrRouter *router, SoupServerMessage *message)
{
  SoupMessageHeaders *in = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *out = soup_server_message_get_response_headers (message);
  const char *origin = soup_message_headers_get_one (in, "Origin");
  const char *method = soup_server_message_get_method (message);
  gboolean safe = g_str_equal (method, "GET") || g_str_equal (method, "HEAD");

  if (origin == NULL)
    return TRUE;

  if (!origin_is_allowed (router, message, origin))
    {
      if (safe)
        return TRUE;

      refuse (message, GR_ERROR_ORIGIN_FORBIDDEN, "This server does not take requests from that page");
      return FALSE;
    }

  soup_message_headers_replace (out, "Access-Control-Allow-Origin", origin);
  soup_message_headers_replace (out, "Access-Control-Allow-Credentials", "true");
  soup_message_headers_replace (out, "Access-Control-Expose-Headers", "Location");
  soup_message_headers_append (out, "Vary", "Origin");

  if (!g_str_equal (method, "OPTIONS"))
    return TRUE;

  soup_message_headers_replace (out, "Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
  soup_message_headers_replace (out, "Access-Control-Allow-Headers", "Authorization, Content-Type");
  soup_message_headers_replace (out, "Access-Control-Max-Age", "7200");
  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  return FALSE;
}

static gboolean
take_turn (GrRouter *router, SoupServerMessage *message, GrLimit limit, const char *household)
{
  double retry_after;
  g_autofree char *seconds = NULL;
  g_autofree char *sentence = NULL;

  if (gr_rate_limiter_take (router->limits[limit], household, g_get_monotonic_time (), &retry_after))
    return TRUE;

  seconds = g_strdup_printf ("%.0f", retry_after + 1);
  sentence = g_strdup_printf ("Too many requests from here; try again in %s seconds", seconds);
  refuse (message, GR_ERROR_RATE_LIMITED, sentence);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After", seconds);
  return FALSE;
}

static void
passage_free (Passage *passage)
{
  gr_request_free (passage->request);
  g_object_unref (passage->message);
  g_object_unref (passage->router);
  g_free (passage);
}

static void
count_response (GrRouter *router, SoupServerMessage *message)
{
  guint family = soup_server_message_get_status (message) / 100;

  if (family < G_N_ELEMENTS (router->responses) && router->responses[family] != NULL)
    gr_metric_add (router->responses[family], 1);
}

/* Back on main with the pool's answer. */
static void
finish (gpointer data)
{
  Passage *passage = data;
  GrRequest *request = passage->request;
  SoupMessageHeaders *out = soup_server_message_get_response_headers (passage->message);
  double seconds = (g_get_monotonic_time () - passage->began) / 1e6;

  soup_server_message_set_status (passage->message, request->status, NULL);
  if (request->set_cookie != NULL)
    soup_message_headers_append (out, "Set-Cookie", request->set_cookie);
  if (request->location != NULL)
    soup_message_headers_replace (out, "Location", request->location);
  if (request->status == 429 || request->status == 503)
    soup_message_headers_replace (out, "Retry-After", "2");
  if (request->etag != NULL)
    soup_message_headers_replace (out, "ETag", request->etag);
  soup_message_headers_replace (out, "Cache-Control", request->etag != NULL ? IMMUTABLE : "no-store");
  if (request->accept_ranges)
    soup_message_headers_replace (out, "Accept-Ranges", "bytes");
  if (request->content_range != NULL)
    soup_message_headers_replace (out, "Content-Range", request->content_range);
  if (request->disposition != NULL)
    soup_message_headers_replace (out, "Content-Disposition", request->disposition);
  if (request->file != NULL)
    {
      soup_message_headers_replace (out, "Content-Type", request->type);
      gr_file_answer (passage->message, request->file, request->file_bytes, passage->router->pools.requests);
    }
  else if (request->bytes != NULL)
    {
      soup_message_headers_replace (out, "Content-Type", request->type);
      soup_message_body_append_bytes (soup_server_message_get_response_body (passage->message), request->bytes);
    }
  else if (request->text->len > 0)
    {
      gsize length = request->text->len;
      char *text = g_string_free (g_steal_pointer (&request->text), FALSE);

      soup_server_message_set_response (passage->message, request->type, SOUP_MEMORY_TAKE, text, length);
    }

  gr_metric_observe (passage->router->latency[request->route->operation], seconds);
  count_response (passage->router, passage->message);
  gr_log_set_request (request->id);
  gr_debug ("%s %s %u in %.1f ms", request->route->method, request->route->path, request->status, seconds * 1000);
  gr_log_set_request (NULL);

  soup_server_message_unpause (passage->message);
}

static void
run (gpointer data)
{
  Passage *passage = data;

  gr_log_set_request (passage->request->id);
  gr_pipeline_run (passage->request);
  gr_log_set_request (NULL);
  gr_main_post (finish, passage, (GDestroyNotify) passage_free);
}

static char *
public_origin (GrRouter *router, SoupServerMessage *message, gboolean secure)
{
  const char *configured = gr_config_get_string (router->services->config, "http", "public-url");
  const char *host = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");

  if (configured[0] != '\0')
    return g_str_has_suffix (configured, "/") ? g_strndup (configured, strlen (configured) - 1) : g_strdup (configured);

  return g_strdup_printf ("%s://%s", secure ? "https" : "http", host != NULL ? host : "localhost");
}

static GInetAddress *
peer_address (SoupServerMessage *message)
{
  GSocketAddress *peer = soup_server_message_get_remote_address (message);

  if (!G_IS_INET_SOCKET_ADDRESS (peer))
    return NULL;

  return g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (peer));
}

static char *
client_address (GrRouter *router, SoupServerMessage *message)
{
  GInetAddress *peer = peer_address (message);
  const char *forwarded
      = soup_message_headers_get_list (soup_server_message_get_request_headers (message), "X-Forwarded-For");

  return peer != NULL ? gr_client_address (peer, router->proxies, forwarded) : g_strdup ("local");
}

static GrRequest *
make_request (GrRouter *router, SoupServerMessage *message, const GrContractRoute *route, char **values, char *address)
{
  GrRequest *request = g_new0 (GrRequest, 1);
  SoupMessageHeaders *in = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  GInetAddress *peer = peer_address (message);
  const char *origin = soup_message_headers_get_one (in, "Origin");
  g_autoptr (GHashTable) parameters = NULL;
  gboolean proxied = peer != NULL && gr_is_trusted_proxy (peer, router->proxies);

  request->route = route;
  request->services = router->services;
  request->values = values;
  request->address = address;
  request->agent = g_strdup (soup_message_headers_get_one (in, "User-Agent"));
  request->authorization = g_strdup (soup_message_headers_get_one (in, "Authorization"));
  request->cookies = g_strdup (soup_message_headers_get_list (in, "Cookie"));
  request->range = g_strdup (soup_message_headers_get_one (in, "Range"));
  request->content_type = g_strdup (soup_message_headers_get_content_type (in, &parameters));
  if (parameters != NULL)
    request->boundary = g_strdup (g_hash_table_lookup (parameters, "boundary"));
  request->known = g_strdup (soup_message_headers_get_list (in, "If-None-Match"));
  request->operator_seat = (peer == NULL || g_inet_address_get_is_loopback (peer)) && !proxied
                           && soup_message_headers_get_one (in, "X-Forwarded-For") == NULL;
  request->secure = proxied && g_strcmp0 (soup_message_headers_get_one (in, "X-Forwarded-Proto"), "https") == 0;
  request->elsewhere = origin != NULL && !gr_pipeline_same_host (origin, soup_message_headers_get_one (in, "Host"));
  request->origin = public_origin (router, message, request->secure);
  request->query_text = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  request->content = soup_message_body_flatten (body);
  request->id = gr_token_new (9);
  request->deadline = g_get_monotonic_time ()
                      + gr_config_get_int (router->services->config, "http", "request-timeout") * G_TIME_SPAN_SECOND;
  request->status = 200;
  request->type = "application/json";
  request->text = g_string_sized_new (512);
  request->json = GR_JSON_WRITER (request->text);

  return request;
}

static GrPool *
pool_for (GrRouter *router, const GrContractRoute *route)
{
  switch (route->operation)
    {
    case GR_OP_REGISTER:
    case GR_OP_LOGIN:
    case GR_OP_UPDATE_ME:
      return router->pools.sign_ins;
    case GR_OP_UPLOAD_PICTURE:
      return router->pools.uploads;
    default:
      return router->pools.requests;
    }
}

static void
serve_operation (
    GrRouter *router, SoupServerMessage *message, const GrContractRoute *route, char **values, const char *address)
{
  Passage *passage = g_new0 (Passage, 1);
  g_autoptr (GError) error = NULL;

  passage->router = g_object_ref (router);
  passage->message = g_object_ref (message);
  passage->began = g_get_monotonic_time ();
  passage->request = make_request (router, message, route, values, g_strdup (address));
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "X-Request-Id",
                                passage->request->id);

  if (!gr_pool_push (pool_for (router, route), run, passage, NULL, &error))
    {
      write_error (message, error);
      count_response (router, message);
      passage_free (passage);
      return;
    }

  soup_server_message_pause (message);
}

/* What a POST takes that is not JSON: encoders ask before they offer (RFC 9725; Accept-Post: LDP 1.0,
 * section 7.1). */
static gboolean
tell_options (SoupServerMessage *message, const char *encoded_path)
{
  g_auto (GStrv) values = NULL;
  gboolean other_method;
  const GrContractRoute *post = gr_router_match ("POST", encoded_path, &values, &other_method);

  if (post == NULL || post->media_type == NULL || post->body != NULL)
    return FALSE;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Accept-Post", post->media_type);

  return TRUE;
}

static void
serve (GrRouter *router, SoupServerMessage *message, const char *path)
{
  const char *method = soup_server_message_get_method (message);
  const char *encoded_path = g_uri_get_path (soup_server_message_get_uri (message));
  g_autofree char *address = client_address (router, message);
  g_autofree char *household = gr_household_of_text (address);
  const GrContractRoute *route;
  gboolean other_method;
  char **values;

  if (!take_turn (router, message, GR_LIMIT_GENERAL, household))
    return;

  if (g_str_equal (path, "/ws") && router->upgrade != NULL)
    {
      g_autoptr (GError) error = NULL;

      if (!router->upgrade (message, address, router->upgrade_data, &error))
        write_error (message, error);
      return;
    }

  if (g_str_equal (method, "OPTIONS") && tell_options (message, encoded_path))
    soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);

  if (!check_origin (router, message) || soup_server_message_get_status (message) != 0)
    return;

  route = gr_router_match (method, encoded_path, &values, &other_method);
  if (route != NULL)
    {
      if (route->limit != GR_LIMIT_GENERAL && !take_turn (router, message, route->limit, household))
        g_strfreev (values);
      else
        serve_operation (router, message, route, values, address);
      return;
    }

  if (other_method)
    refuse (message, GR_ERROR_METHOD, "This address does not take that method");
  else if (router->files == NULL || g_str_has_prefix (path, "/api/")
           || (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD"))
           || !gr_static_answer (router->files, message, path))
    refuse (message, GR_ERROR_NOT_FOUND, "There is nothing at this address");
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  GrRouter *router = data;
  SoupMessageHeaders *out = soup_server_message_get_response_headers (message);

  for (guint i = 0; i < G_N_ELEMENTS (safety_headers); i++)
    soup_message_headers_replace (out, safety_headers[i].name, safety_headers[i].value);

  serve (router, message, path);

  if (soup_server_message_get_status (message) != 0)
    count_response (router, message);
}

static void
gr_router_finalize (GObject *object)
{
  GrRouter *router = GR_ROUTER (object);

  for (guint i = 0; i < GR_N_LIMITS; i++)
    g_clear_pointer (&router->limits[i], gr_rate_limiter_free);
  g_clear_pointer (&router->proxies, g_ptr_array_unref);
  g_clear_object (&router->server);

  G_OBJECT_CLASS (gr_router_parent_class)->finalize (object);
}

static void
gr_router_class_init (GrRouterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_router_finalize;
}

static void
gr_router_init (GrRouter *router)
{
  for (guint i = 0; i < GR_N_OPERATIONS; i++)
    {
      g_autofree char *labels = g_strdup_printf ("operation=\"%s\"", gr_contract_routes[i].name);

      router->latency[i]
          = gr_metrics_histogram ("greenroom_http_request_seconds", labels, "Time from a request to its answer",
                                  gr_metrics_latency_bounds, gr_metrics_n_latency_bounds);
    }

  for (guint family = 2; family < G_N_ELEMENTS (router->responses); family++)
    {
      g_autofree char *labels = g_strdup_printf ("status=\"%uxx\"", family);

      router->responses[family] = gr_metrics_counter ("greenroom_http_responses_total", labels, "Responses by status");
    }
}

GrRouter *
gr_router_new (SoupServer *server, const GrServices *services, GrStatic *files, const GrRouterPools *pools)
{
  GrRouter *router = g_object_new (GR_TYPE_ROUTER, NULL);
  GrConfig *config = services->config;
  double logins = gr_config_get_int (config, "limits", "login-per-minute");
  double registrations = gr_config_get_int (config, "limits", "register-per-hour");

  router->server = g_object_ref (server);
  router->services = services;
  router->files = files;
  router->pools = *pools;
  router->proxies = gr_config_get_networks (config, "http", "trusted-proxies");
  router->limits[GR_LIMIT_GENERAL]
      = gr_rate_limiter_new (gr_config_get_int (config, "limits", "requests-per-second"),
                             gr_config_get_int (config, "limits", "requests-burst"), MAX_ADDRESSES);
  router->limits[GR_LIMIT_LOGIN] = gr_rate_limiter_new (logins / 60, logins, MAX_ADDRESSES);
  router->limits[GR_LIMIT_REGISTER] = gr_rate_limiter_new (registrations / 3600, registrations, MAX_ADDRESSES);
  router->limits[GR_LIMIT_GUEST] = gr_rate_limiter_new (GUESTS_PER_MINUTE / 60., GUESTS_PER_MINUTE, MAX_ADDRESSES);

  soup_server_add_handler (server, "/", on_request, router, NULL);

  return router;
}

void
gr_router_set_upgrade (GrRouter *router, GrUpgradeFunc func, gpointer user_data)
{
  router->upgrade = func;
  router->upgrade_data = user_data;
}

GrBodyBounds
gr_router_body_bounds (const char *method, const char *path, gpointer user_data)
{
  g_auto (GStrv) values = NULL;
  gboolean other_method;
  const GrContractRoute *route = gr_router_match (method, path, &values, &other_method);

  if (route == NULL)
    return (GrBodyBounds){ 0 };

  return (GrBodyBounds){ .bytes = route->body_limit, .ms = route->body_seconds * 1000 };
}
