/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/slots.h"

#include <string.h>

#include "base/error.h"

/* Marks a payload type as FORMAT_RTX of the format in the lower bits. */
#define FORMAT_RTX 0x80

struct _GrSlotTable
{
  GArray *lines;                                /* of GrSlotLine, in the order of the m-lines */
  guint8 payload_types[GR_SDP_N_PAYLOAD_TYPES]; /* format + 1, perhaps with FORMAT_RTX; 0 */
  guint8 extensions[GR_EXTENSION_MAX_ID + 1];   /* extension + 1; 0 */
};

const GrSlotPolicy gr_slot_policy_default = {
  .inbound = GR_CODECS_ALL,
  .outbound = GR_CODECS_ALL,
  .extensions = GR_EXTENSIONS_DEFAULT,
  .feedback = GR_FEEDBACK_ALL,
  .max_slots = { GR_SDP_MAX_MEDIA, GR_SDP_MAX_MEDIA },
  .max_tracks = { GR_SDP_MAX_MEDIA, GR_SDP_MAX_MEDIA },
};

static GrSlotLine *
get_line (const GrSlotTable *table, guint index)
{
  return &g_array_index (table->lines, GrSlotLine, index);
}

/* Changes are made to a copy, which becomes the table once all of them fit. */
static GrSlotTable *
copy_table (const GrSlotTable *table)
{
  GrSlotTable *copy = gr_slot_table_new ();

  g_array_append_vals (copy->lines, table->lines->data, table->lines->len);
  memcpy (copy->payload_types, table->payload_types, sizeof copy->payload_types);
  memcpy (copy->extensions, table->extensions, sizeof copy->extensions);
  return copy;
}

static void
take_over (GrSlotTable *table, GrSlotTable *changed)
{
  GArray *lines = table->lines;

  table->lines = changed->lines;
  changed->lines = lines;
  memcpy (table->payload_types, changed->payload_types, sizeof table->payload_types);
  memcpy (table->extensions, changed->extensions, sizeof table->extensions);
}

/* FALSE, with an error that names the mid. */
static gboolean
fail_line (const GrSdpMedia *media, GError **error, const char *message)
{
  gr_set_error (error, GR_ERROR_INVALID_INPUT, "sdp", "The m-line with mid “%s” %s", media->mid, message);
  return FALSE;
}

static gboolean
uses_ssrc (const GrSlotTable *table, guint32 ssrc)
{
  for (guint i = 0; i < table->lines->len; i++)
    {
      const GrSlotLine *line = get_line (table, i);

      if (line->ssrc == ssrc || line->rtx_ssrc == ssrc)
        return TRUE;
      for (guint j = 0; j < line->remote.n_ssrcs; j++)
        if (line->remote.ssrcs[j] == ssrc || line->remote.rtx[j] == ssrc)
          return TRUE;
    }

  return FALSE;
}

/* An SSRC that neither side uses on this transport: two streams of one SSRC would share a keystream (RFC 3711, 9.1). */
static guint32
new_ssrc (const GrSlotTable *table, const GrSdp *offer)
{
  guint32 ssrc;

  do
    ssrc = g_random_int ();
  while (ssrc == 0 || uses_ssrc (table, ssrc) || gr_sdp_announces (offer, ssrc));

  return ssrc;
}

static gboolean
has_rtx (const GrSdpMedia *media)
{
  for (guint i = 0; i < media->n_codecs; i++)
    if (media->codecs[i].rtx_payload_type != GR_PAYLOAD_TYPE_NONE)
      return TRUE;

  return FALSE;
}

/* @line becomes the first slot of its kind that is free. */
static void
begin_slot (GrSlotTable *table, GrSlotLine *line, const GrSdp *offer)
{
  guint slot = 0;

  while (gr_slot_table_get_slot (table, line->local.kind, slot) != NULL)
    slot++;

  line->slot = slot;
  line->ssrc = new_ssrc (table, offer);
  if (has_rtx (&line->local))
    line->rtx_ssrc = new_ssrc (table, offer);
  g_snprintf (line->local.stream, sizeof line->local.stream, "s%u", slot);
  g_snprintf (line->local.track, sizeof line->local.track, "%c%u", line->local.kind == GR_SDP_AUDIO ? 'a' : 'v', slot);
}

static void
end_slot (GrSlotLine *line)
{
  line->slot = GR_NO_SLOT;
  line->ssrc = line->rtx_ssrc = 0;
  line->local.stream[0] = line->local.track[0] = '\0';
}

static guint
count_directions (const GrSlotTable *table, GrSdpKind kind, GrSdpDirection direction, guint before)
{
  guint n = 0;

  for (guint i = 0; i < before; i++)
    {
      const GrSdpMedia *local = &get_line (table, i)->local;

      n += local->kind == kind && !local->rejected && (local->direction & direction) != 0;
    }

  return n;
}

/* Remembers what the payload types and extension ids of @media mean; FALSE if they meant something else before. */
static gboolean
learn (GrSlotTable *table, const GrSdpMedia *media, GError **error)
{
  for (guint i = 0; i < media->n_codecs; i++)
    {
      const GrSdpCodec *codec = &media->codecs[i];
      guint8 *known = &table->payload_types[codec->payload_type];
      guint8 *known_rtx = &table->payload_types[codec->rtx_payload_type];
      guint8 meaning = codec->codec + 1;

      if (*known != 0 && *known != meaning)
        return fail_line (media, error, "gives a payload type another meaning");
      *known = meaning;
      if (codec->rtx_payload_type == GR_PAYLOAD_TYPE_NONE)
        continue;
      if (*known_rtx != 0 && *known_rtx != (FORMAT_RTX | meaning))
        return fail_line (media, error, "gives a payload type another meaning");
      *known_rtx = FORMAT_RTX | meaning;
    }

  for (GrExtension extension = 0; extension < GR_N_EXTENSIONS; extension++)
    {
      guint8 id = media->extensions[extension];

      if (id == 0)
        continue;
      if (table->extensions[id] != 0 && table->extensions[id] != extension + 1)
        return fail_line (media, error, "gives a header extension another meaning");
      table->extensions[id] = extension + 1;
    }

  return TRUE;
}

/* What both sides speak of @remote's codecs. A sender uses the first, so where we receive our preference decides. */
static void
agree_codecs (GrSdpMedia *local, const GrSdpMedia *remote, const GrSlotPolicy *policy)
{
  GrCodecSet allowed = 0;
  const GrCodec *preference = policy->preference;

  if (preference == NULL)
    preference = gr_codec_preference (GR_CODEC_USE_CAMERA);
  if (local->direction & GR_SDP_SENDONLY)
    allowed |= policy->outbound;
  if (local->direction & GR_SDP_RECVONLY || local->direction == GR_SDP_INACTIVE)
    allowed |= policy->inbound;

  local->n_codecs = 0;
  for (; *preference != GR_N_CODECS; preference++)
    {
      const GrSdpCodec *offered = gr_sdp_media_codec (remote, *preference);

      if (offered == NULL || (allowed & GR_CODEC_BIT (*preference)) == 0)
        continue;
      local->codecs[local->n_codecs] = *offered;
      local->codecs[local->n_codecs++].feedback &= policy->feedback;
    }
}

/* A re-offer keeps kind and mid of an m-line, unless the line was, or is, given up (RFC 8829, section 5.2.2). */
static gboolean
check_same (const GrSlotLine *line, const GrSdpMedia *media, GError **error)
{
  if (line->local.rejected || media->rejected)
    return TRUE;
  if (line->local.kind != media->kind)
    return fail_line (media, error, "was of another kind");
  if (strcmp (line->local.mid, media->mid) != 0)
    return fail_line (media, error, "had another mid");

  return TRUE;
}

static gboolean
offer_line (GrSlotTable *table, guint index, const GrSdp *offer, const GrSlotPolicy *policy, GError **error)
{
  const GrSdpMedia *media = &offer->media[index];
  GrSlotLine *line = get_line (table, index);
  GrSdpMedia *local = &line->local;
  gboolean anew = local->rejected || strcmp (local->mid, media->mid) != 0;

  if (anew)
    end_slot (line);
  line->remote = *media;
  local->kind = media->kind;
  local->legacy_sctp = media->legacy_sctp;
  local->rejected = media->rejected || media->kind == GR_SDP_APPLICATION;
  local->bundled = !local->rejected && media->bundled;
  local->rtcp_mux = TRUE;
  local->rtcp_rsize = media->rtcp_rsize;
  g_strlcpy (local->mid, media->mid, sizeof local->mid);
  local->direction = GR_SDP_INACTIVE;

  if (!local->rejected)
    {
      if ((media->direction & GR_SDP_SENDONLY)
          && count_directions (table, media->kind, GR_SDP_RECVONLY, index) < policy->max_tracks[media->kind])
        local->direction |= GR_SDP_RECVONLY;
      if ((media->direction & GR_SDP_RECVONLY)
          && count_directions (table, media->kind, GR_SDP_SENDONLY, index) < policy->max_slots[media->kind])
        local->direction |= GR_SDP_SENDONLY;
      for (GrExtension extension = 0; extension < GR_N_EXTENSIONS; extension++)
        local->extensions[extension] = policy->extensions & 1u << extension ? media->extensions[extension] : 0;
      agree_codecs (local, media, policy);

      if (local->n_codecs == 0)
        {
          if (media == gr_sdp_tagged_media (offer))
            return fail_line (media, error, "comes first and has no codec that the room may use");
          local->rejected = TRUE;
          local->bundled = FALSE;
        }
    }

  if (local->rejected)
    {
      local->direction = GR_SDP_INACTIVE;
      local->n_codecs = 0;
      memset (local->extensions, 0, sizeof local->extensions);
    }
  if (local->rejected || !learn (table, local, error))
    {
      end_slot (line);
      return local->rejected;
    }

  /* A slot that pauses keeps its place and its SSRCs. */
  if ((local->direction & GR_SDP_SENDONLY) && line->slot == GR_NO_SLOT)
    begin_slot (table, line, offer);
  return TRUE;
}

GrSlotTable *
gr_slot_table_new (void)
{
  GrSlotTable *table = g_new0 (GrSlotTable, 1);

  table->lines = g_array_new (FALSE, TRUE, sizeof (GrSlotLine));
  return table;
}

void
gr_slot_table_free (GrSlotTable *table)
{
  g_array_unref (table->lines);
  g_free (table);
}

gboolean
gr_slot_table_apply_offer (GrSlotTable *table, const GrSdp *offer, const GrSlotPolicy *policy, GError **error)
{
  g_autoptr (GrSlotTable) changed = copy_table (table);

  if (offer->ice_lite)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "sdp", "Two peers of ICE-lite cannot find each other");
      return FALSE;
    }
  if (offer->n_media < table->lines->len)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "sdp", "The offer has fewer m-lines than the one before");
      return FALSE;
    }

  for (guint i = 0; i < table->lines->len; i++)
    if (!check_same (get_line (table, i), &offer->media[i], error))
      return FALSE;

  g_array_set_size (changed->lines, offer->n_media);
  for (guint i = table->lines->len; i < offer->n_media; i++)
    get_line (changed, i)->slot = GR_NO_SLOT;
  for (guint i = 0; i < offer->n_media; i++)
    if (!offer_line (changed, i, offer, policy, error))
      return FALSE;

  take_over (table, changed);
  return TRUE;
}

guint
gr_slot_table_get_n_lines (const GrSlotTable *table)
{
  return table->lines->len;
}

const GrSlotLine *
gr_slot_table_get_line (const GrSlotTable *table, guint index)
{
  g_return_val_if_fail (index < table->lines->len, NULL);

  return get_line (table, index);
}

const GrSlotLine *
gr_slot_table_find_mid (const GrSlotTable *table, const char *mid)
{
  for (guint i = 0; i < table->lines->len; i++)
    if (strcmp (get_line (table, i)->local.mid, mid) == 0)
      return get_line (table, i);

  return NULL;
}

const GrSlotLine *
gr_slot_table_get_slot (const GrSlotTable *table, GrSdpKind kind, guint slot)
{
  for (guint i = 0; i < table->lines->len; i++)
    if (get_line (table, i)->slot == slot && get_line (table, i)->local.kind == kind)
      return get_line (table, i);

  return NULL;
}

guint
gr_slot_table_get_n_slots (const GrSlotTable *table, GrSdpKind kind)
{
  guint n = 0;

  for (guint i = 0; i < table->lines->len; i++)
    {
      const GrSlotLine *line = get_line (table, i);

      if (line->slot != GR_NO_SLOT && line->local.kind == kind)
        n = MAX (n, line->slot + 1);
    }

  return n;
}

GrCodecSet
gr_slot_table_decodes (const GrSlotTable *table)
{
  GrCodecSet set = GR_CODECS_ALL;

  for (guint i = 0; i < table->lines->len; i++)
    {
      const GrSlotLine *line = get_line (table, i);
      GrCodecSet carried = line->local.kind == GR_SDP_AUDIO ? GR_CODECS_VIDEO : GR_CODECS_AUDIO;

      if (line->slot == GR_NO_SLOT)
        continue;
      for (guint j = 0; j < line->local.n_codecs; j++)
        carried |= GR_CODEC_BIT (line->local.codecs[j].codec);
      set &= carried;
    }

  return set;
}
