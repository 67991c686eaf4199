/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/slots-private.h"

#include <string.h>

#include "base/error.h"

/* A mid that no line has. */
static void
new_mid (const GrSlotTable *table, char *mid, gsize size)
{
  guint number = table->lines->len;

  do
    g_snprintf (mid, size, "%u", number++);
  while (gr_slot_table_find_mid (table, mid) != NULL);
}

/* The payload type of @meaning: the one it has, or a free one, dynamic ones first (RFC 3551, section 6; RFC 5761). None
 * is free where the other side has used up all of them in its offers. */
static guint8
payload_type_for (GrSlotTable *table, guint8 meaning)
{
  guint8 free_type = 96;

  for (guint8 type = 1; type < GR_SDP_N_PAYLOAD_TYPES; type++)
    if (table->payload_types[type] == meaning)
      return type;

  while (free_type < GR_SDP_N_PAYLOAD_TYPES && table->payload_types[free_type] != 0)
    free_type++;
  for (guint8 type = 35; free_type == GR_SDP_N_PAYLOAD_TYPES && type < 64; type++)
    if (table->payload_types[type] == 0)
      free_type = type;
  if (free_type == GR_SDP_N_PAYLOAD_TYPES)
    return GR_PAYLOAD_TYPE_NONE;

  table->payload_types[free_type] = meaning;
  return free_type;
}

static guint8
extension_id_for (GrSlotTable *table, GrExtension extension)
{
  guint8 free_id = 1;

  for (guint8 id = 1; id <= GR_EXTENSION_MAX_ID; id++)
    if (table->extensions[id] == extension + 1)
      return id;

  while (free_id <= GR_EXTENSION_MAX_ID && table->extensions[free_id] != 0)
    free_id++;
  if (free_id > GR_EXTENSION_MAX_ID)
    return 0;

  table->extensions[free_id] = extension + 1;
  return free_id;
}

static void
describe (GrSlotTable *table, GrSdpMedia *local, const GrSlotPolicy *policy)
{
  static const GrExtensionSet of_audio = 1 << GR_EXTENSION_AUDIO_LEVEL;
  static const GrExtensionSet of_video
      = 1 << GR_EXTENSION_RID | 1 << GR_EXTENSION_REPAIRED_RID | 1 << GR_EXTENSION_DEPENDENCY_DESCRIPTOR;
  gboolean is_audio = local->kind == GR_SDP_AUDIO;
  GrCodecSet codecs = (local->direction & GR_SDP_SENDONLY ? policy->outbound : 0)
                      | (local->direction & GR_SDP_RECVONLY ? policy->inbound : 0);
  const GrCodec *preference
      = policy->preference != NULL ? policy->preference : gr_codec_preference (GR_CODEC_USE_CAMERA);

  codecs &= is_audio ? GR_CODECS_AUDIO : GR_CODECS_VIDEO;
  for (; *preference != GR_N_CODECS; preference++)
    {
      GrSdpCodec *codec = &local->codecs[local->n_codecs];

      if ((codecs & GR_CODEC_BIT (*preference)) == 0)
        continue;
      codec->payload_type = payload_type_for (table, *preference + 1);
      if (codec->payload_type == GR_PAYLOAD_TYPE_NONE)
        continue;
      codec->codec = *preference;
      codec->feedback = policy->feedback;
      if (is_audio)
        codec->feedback &= GR_FEEDBACK_NACK | GR_FEEDBACK_TRANSPORT_CC;
      else
        codec->rtx_payload_type = payload_type_for (table, GR_SLOT_RTX | (*preference + 1));
      gr_codec_parameters_init_default (&codec->parameters, *preference);
      local->n_codecs++;
    }

  for (GrExtension extension = 0; extension < GR_N_EXTENSIONS; extension++)
    if ((policy->extensions & ~(is_audio ? of_video : of_audio)) & 1u << extension)
      local->extensions[extension] = extension_id_for (table, extension);
}

static gboolean
answer_line (GrSlotTable *table, guint index, const GrSdpMedia *media, GError **error)
{
  GrSlotLine *line = gr_slot_table_line (table, index);
  GrSdpMedia *local = &line->local;
  GrSdpDirection mirrored = (media->direction & GR_SDP_SENDONLY ? GR_SDP_RECVONLY : 0)
                            | (media->direction & GR_SDP_RECVONLY ? GR_SDP_SENDONLY : 0);
  guint kept = 0;

  if (local->kind != media->kind || strcmp (local->mid, media->mid) != 0)
    return gr_slot_table_fail_line (media, error, "is not the one of our offer");
  if (local->rejected && !media->rejected)
    return gr_slot_table_fail_line (media, error, "was not offered");
  if (mirrored & ~local->direction)
    return gr_slot_table_fail_line (media, error, "has a direction that was not offered");

  line->remote = *media;
  local->direction &= mirrored;
  local->rejected = media->rejected;
  local->bundled = media->bundled;
  if (local->rejected)
    {
      gr_slot_line_end (line);
      return TRUE;
    }

  for (GrExtension extension = 0; extension < GR_N_EXTENSIONS; extension++)
    {
      if (media->extensions[extension] == 0)
        local->extensions[extension] = 0;
      else if (media->extensions[extension] != local->extensions[extension])
        return gr_slot_table_fail_line (media, error, "has a header extension that was not offered");
    }

  for (guint i = 0; i < local->n_codecs; i++)
    {
      const GrSdpCodec *codec = gr_sdp_media_codec (media, local->codecs[i].codec);

      if (codec == NULL)
        continue;
      if (codec->payload_type != local->codecs[i].payload_type
          || (codec->rtx_payload_type != GR_PAYLOAD_TYPE_NONE
              && codec->rtx_payload_type != local->codecs[i].rtx_payload_type))
        return gr_slot_table_fail_line (media, error, "has a payload type that was not offered");
      local->codecs[kept] = local->codecs[i];
      local->codecs[kept].rtx_payload_type = codec->rtx_payload_type;
      local->codecs[kept].feedback &= codec->feedback;
      local->codecs[kept++].parameters = codec->parameters;
    }
  local->n_codecs = kept;

  return kept > 0 || gr_slot_table_fail_line (media, error, "has no codec that was offered");
}

gboolean
gr_slot_table_add (
    GrSlotTable *table, GrSdpKind kind, GrSdpDirection direction, guint n, const GrSlotPolicy *policy, GError **error)
{
  g_return_val_if_fail (kind < GR_SDP_APPLICATION && direction != GR_SDP_INACTIVE, FALSE);

  if (n > GR_SDP_MAX_MEDIA - MIN (table->lines->len, GR_SDP_MAX_MEDIA))
    {
      gr_set_error (error, GR_ERROR_TOO_LARGE, "sdp", "A description has at most %d m-lines", GR_SDP_MAX_MEDIA);
      return FALSE;
    }

  /* One m-line alone may have been without a bundle; with more there is one. */
  for (guint i = 0; i < table->lines->len; i++)
    gr_slot_table_line (table, i)->local.bundled = !gr_slot_table_line (table, i)->local.rejected;

  for (guint i = 0; i < n; i++)
    {
      GrSlotLine *line;
      char mid[GR_SDP_MAX_MID + 1];

      new_mid (table, mid, sizeof mid);
      g_array_set_size (table->lines, table->lines->len + 1);
      line = gr_slot_table_line (table, table->lines->len - 1);
      line->slot = GR_NO_SLOT;
      line->local.kind = kind;
      line->local.direction = direction;
      line->local.bundled = line->local.rtcp_mux = line->local.rtcp_rsize = TRUE;
      g_strlcpy (line->local.mid, mid, sizeof line->local.mid);
      describe (table, &line->local, policy);
      if (direction & GR_SDP_SENDONLY)
        gr_slot_line_begin (table, line, NULL);
    }

  return TRUE;
}

gboolean
gr_slot_table_apply_answer (GrSlotTable *table, const GrSdp *answer, GError **error)
{
  g_autoptr (GrSlotTable) changed = gr_slot_table_copy (table);

  if (answer->ice_lite || answer->n_media != table->lines->len)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "sdp",
                    answer->ice_lite ? "Two peers of ICE-lite cannot find each other"
                                     : "The answer does not have the m-lines of the offer");
      return FALSE;
    }

  for (guint i = 0; i < answer->n_media; i++)
    if (!answer_line (changed, i, &answer->media[i], error))
      return FALSE;

  gr_slot_table_take_over (table, changed);
  return TRUE;
}
