/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/room-private.h"

static void
tell_speakers (GrRoom *room, GrMediaDBusHub *hub)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sd)"));
  for (guint i = 0; i < room->told_speakers->len; i++)
    {
      GrSourceId source = g_array_index (room->told_speakers, GrSourceId, i);
      const GrSeat *seat = gr_room_seat_of_source (room, source);
      guint level = seat != NULL ? seat->levels[GR_SOURCE_KIND (source)] : 0;

      if (seat != NULL)
        g_variant_builder_add (&builder, "(sd)", seat->participant->id,
                               1.0 - MIN (level, GR_AUDIO_LEVEL_SILENT) / (double) GR_AUDIO_LEVEL_SILENT);
    }

  gr_media_dbus_hub_emit_speakers (hub, room->id, g_variant_builder_end (&builder));
}

static void
tell_slots (GrSeat *seat, GrMediaDBusHub *hub)
{
  GArray *slots = seat->participant->slots;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sss)"));
  for (guint i = 0; i < slots->len; i++)
    {
      const GrCarried *slot = &g_array_index (slots, GrCarried, i);
      const GrSeat *other = slot->source != 0 ? gr_room_seat_of_source (seat->room, slot->source) : NULL;

      if (other != NULL)
        g_variant_builder_add (&builder, "(sss)", slot->described.mid, other->participant->id,
                               gr_track_kind_name (gr_track_kind_of (GR_SOURCE_KIND (slot->source), slot->kind)));
    }

  gr_media_dbus_hub_emit_slots (hub, seat->room->id, seat->participant->id, g_variant_builder_end (&builder));
}

/* The room codec rule for somebody: what all others decode. */
static GrCodecSet
common_of_others (const GrSeat *seat)
{
  GrRoomCodecs others = seat->room->codecs;

  if (seat->participant->counted)
    gr_room_codecs_leave (&others, seat->participant->decodes);
  return gr_room_codecs_common (&others) & GR_CODECS_NAMED;
}

static gboolean
sends_pictures (const GrParticipant *participant)
{
  return participant->tracks[GR_TRACK_CAMERA].id != 0 || participant->tracks[GR_TRACK_SCREEN].id != 0;
}

static void
tell_codecs (GrSeat *seat, GrMediaDBusHub *hub)
{
  const GrCodec *codec = gr_codec_preference (GR_CODEC_USE_CAMERA);
  GrCodecSet common = common_of_others (seat);
  const char *names[GR_N_CODECS + 1] = { NULL };
  guint n = 0;

  if (common == seat->told_codecs || seat->participant->linked)
    return;

  seat->told_codecs = common;
  for (; *codec != GR_N_CODECS; codec++)
    if (common & GR_CODEC_BIT (*codec))
      names[n++] = gr_codec_traits (*codec)->encoding;
  gr_media_dbus_hub_emit_codecs (hub, seat->room->id, seat->participant->id, names);
}

static void
tell_seat (GrSeat *seat, GrMediaDBusHub *hub)
{
  GrParticipant *participant = seat->participant;
  const char *room = seat->room->id;

  if (participant->connected_due)
    gr_media_dbus_hub_emit_connected (hub, room, participant->id);
  for (GrTrackKind kind = 0; kind < GR_N_TRACK_KINDS; kind++)
    if (participant->tracks[kind].seen_due)
      gr_media_dbus_hub_emit_track_seen (hub, room, participant->id, gr_track_kind_name (kind));
  if (participant->slots_due && seat->func == NULL)
    tell_slots (seat, hub);
  if (seat->func == NULL && sends_pictures (participant))
    tell_codecs (seat, hub);
  if (participant->gone_due)
    gr_media_dbus_hub_emit_gone (hub, room, participant->id);

  participant->connected_due = participant->gone_due = FALSE;
  participant->slots_due = participant->slots_due && seat->func != NULL;
  for (GrTrackKind kind = 0; kind < GR_N_TRACK_KINDS; kind++)
    participant->tracks[kind].seen_due = FALSE;
}

gboolean
gr_room_tell (GrRoom *room, GrMediaDBusHub *hub)
{
  GHashTableIter iter;
  gpointer seat;

  if (!room->due)
    return FALSE;

  room->due = FALSE;
  g_hash_table_iter_init (&iter, room->seats);
  while (g_hash_table_iter_next (&iter, NULL, &seat))
    tell_seat (seat, hub);

  if (room->speakers_due)
    tell_speakers (room, hub);
  room->speakers_due = FALSE;
  return TRUE;
}
