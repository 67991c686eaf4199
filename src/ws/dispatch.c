/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a client's text to the handler of its type. Main thread. */
#include "base/error.h"
#include "base/json.h"
#include "ws/private.h"

/* A client that sends this much nonsense is not one of ours. */
#define MAX_MISTAKES 20

static const GrWsHandler handlers[GR_N_CLIENT_MESSAGES] = {
  [GR_CLIENT_JOIN] = gr_ws_handle_join,
  [GR_CLIENT_LEAVE] = gr_ws_handle_leave,
  [GR_CLIENT_PARTICIPANT_STATUS] = gr_ws_handle_status,
  [GR_CLIENT_OFFER] = gr_ws_handle_signal,
  [GR_CLIENT_ANSWER] = gr_ws_handle_signal,
  [GR_CLIENT_ICE_CANDIDATE] = gr_ws_handle_signal,
  [GR_CLIENT_SUBSCRIBE] = gr_ws_handle_subscribe,
  [GR_CLIENT_QUALITY] = gr_ws_handle_quality,
  [GR_CLIENT_CHAT_MESSAGE] = gr_ws_handle_chat,
  [GR_CLIENT_STAGE] = gr_ws_handle_stage,
};

static gboolean
find_type (JsonNode *node, GrClientMessage *type, GError **error)
{
  const char *word = JSON_NODE_HOLDS_OBJECT (node) ? gr_json_string (json_node_get_object (node), "type") : NULL;

  if (word == NULL)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "type", "A message is an object with a type");
      return FALSE;
    }

  for (guint i = 0; i < GR_N_CLIENT_MESSAGES; i++)
    if (g_str_equal (gr_contract_messages[i].type, word))
      {
        *type = i;
        return TRUE;
      }

  gr_set_error (error, GR_ERROR_INVALID_INPUT, "type", "There is no such type of message");
  return FALSE;
}

static gboolean
refuse_length (GError **error)
{
  gr_set_error (error, GR_ERROR_TOO_LARGE, NULL, "The message is too long for its type");
  return FALSE;
}

static gboolean
handle (GrSocket *socket, JsonNode *node, gsize length, const char **to, GError **error)
{
  GrClientMessage type;

  if (!find_type (node, &type, error))
    return FALSE;

  *to = gr_contract_messages[type].type;

  if (length > gr_contract_messages[type].limit)
    return refuse_length (error);

  if (!gr_schema_validate (gr_contract_messages[type].schema, node, error))
    return FALSE;

  if (type != GR_CLIENT_JOIN && socket->seat == NULL)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "Join a room first");
      return FALSE;
    }

  return handlers[type](socket, json_node_get_object (node), error);
}

void
gr_ws_dispatch (GrSocket *socket, const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;
  const char *to = NULL;

  /* Who has no seat has nothing long to say, and is not read for it. */
  if (socket->seat == NULL && length > GR_CONTRACT_MESSAGE_BYTES)
    refuse_length (&error);
  else
    node = gr_json_parse (text, length, &error);

  if (node != NULL && handle (socket, node, length, &to, &error))
    return;

  gr_socket_send_error (socket, error, to);

  if (++socket->mistakes >= MAX_MISTAKES)
    gr_socket_close (socket, GR_WS_POLICY, "too many mistakes");
}
