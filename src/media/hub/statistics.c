/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/statistics.h"

#include "base/json-writer.h"

/* What a snapshot holds of each kind: a name, and where the number is. */
typedef struct
{
  const char *name;
  gsize offset;
  gboolean wide; /* 64 bits, else 32 */
} Field;

#define WIDE(type, name, member)                                                                                       \
  {                                                                                                                    \
    name, G_STRUCT_OFFSET (type, member), TRUE                                                                         \
  }
#define NARROW(type, name, member)                                                                                     \
  {                                                                                                                    \
    name, G_STRUCT_OFFSET (type, member), FALSE                                                                        \
  }

static const Field hub_fields[] = {
  WIDE (GrHubCounters, "packetsIn", packets_in),
  WIDE (GrHubCounters, "packetsOut", packets_out),
  WIDE (GrHubCounters, "bytesIn", bytes_in),
  WIDE (GrHubCounters, "bytesOut", bytes_out),
  WIDE (GrHubCounters, "messagesOut", messages_out),
  WIDE (GrHubCounters, "receiveCalls", receive_calls),
  WIDE (GrHubCounters, "sendCalls", send_calls),
  WIDE (GrHubCounters, "sendDropped", send_dropped),
  WIDE (GrHubCounters, "unknownAddress", unknown_address),
  WIDE (GrHubCounters, "unknownUfrag", unknown_ufrag),
  WIDE (GrHubCounters, "stunRefused", stun_refused),
  WIDE (GrHubCounters, "dtlsRefused", dtls_refused),
  WIDE (GrHubCounters, "withoutKeys", without_keys),
  WIDE (GrHubCounters, "srtpRefused", srtp_refused),
  WIDE (GrHubCounters, "unknownSsrc", unknown_ssrc),
  WIDE (GrHubCounters, "unknownPayload", unknown_payload),
  WIDE (GrHubCounters, "truncated", truncated),
  WIDE (GrHubCounters, "unclassified", unclassified),
  WIDE (GrHubCounters, "factsLost", facts_lost),
};

static const Field peer_fields[] = {
  WIDE (GrHubPeerStats, "packetsIn", packets_in),
  WIDE (GrHubPeerStats, "packetsOut", packets_out),
  WIDE (GrHubPeerStats, "bytesIn", bytes_in),
  WIDE (GrHubPeerStats, "bytesOut", bytes_out),
  NARROW (GrHubPeerStats, "estimateBits", estimate_bits),
  WIDE (GrHubPeerStats, "dropped", dropped),
};

static const Field track_fields[] = {
  NARROW (GrHubTrackStats, "ssrc", ssrc),          WIDE (GrHubTrackStats, "packets", packets),
  WIDE (GrHubTrackStats, "bytes", bytes),          WIDE (GrHubTrackStats, "lost", lost),
  WIDE (GrHubTrackStats, "recovered", recovered),  WIDE (GrHubTrackStats, "nacksSent", nacks_sent),
  WIDE (GrHubTrackStats, "plisSent", plis_sent),   WIDE (GrHubTrackStats, "keyframes", keyframes),
  NARROW (GrHubTrackStats, "jitterUs", jitter_us), NARROW (GrHubTrackStats, "bitsPerSecond", bits_per_second),
};

static const Field slot_fields[] = {
  WIDE (GrHubSlotStats, "packets", packets),
  WIDE (GrHubSlotStats, "bytes", bytes),
  WIDE (GrHubSlotStats, "nacks", nacks),
  WIDE (GrHubSlotStats, "rtx", rtx),
  WIDE (GrHubSlotStats, "plis", plis),
  WIDE (GrHubSlotStats, "firs", firs),
  WIDE (GrHubSlotStats, "lost", lost),
  NARROW (GrHubSlotStats, "jitterUs", jitter_us),
  NARROW (GrHubSlotStats, "roundTripUs", round_trip_us),
};

static void
write_fields (GrJsonWriter *json, gconstpointer values, const Field *fields, guint n_fields)
{
  for (guint i = 0; i < n_fields; i++)
    {
      gconstpointer value = G_STRUCT_MEMBER_P (values, fields[i].offset);

      gr_json_writer_int_member (json, fields[i].name,
                                 fields[i].wide ? (gint64) * (const guint64 *) value : *(const guint32 *) value);
    }
}

static void
write_peers (GrJsonWriter *json, const GrHubSnapshot *snapshot, const GrRoom *room)
{
  gr_json_writer_begin_array_member (json, "peers");
  for (guint i = 0; i < snapshot->peers->len; i++)
    {
      const GrHubPeerStats *peer = &g_array_index (snapshot->peers, GrHubPeerStats, i);
      const GrParticipant *participant = gr_room_find_peer (room, peer->peer);

      if (participant == NULL)
        continue;
      gr_json_writer_begin_object (json);
      gr_json_writer_string_member (json, "participant", participant->id);
      gr_json_writer_bool_member (json, "connected", peer->connected);
      write_fields (json, peer, peer_fields, G_N_ELEMENTS (peer_fields));
      gr_json_writer_end_object (json);
    }
  gr_json_writer_end_array (json);
}

static void
write_track (GrJsonWriter *json, const GrHubTrackStats *track, const GrParticipant *participant)
{
  gr_json_writer_begin_object (json);
  gr_json_writer_string_member (json, "participant", participant->id);
  gr_json_writer_string_member (json, "kind", gr_track_kind_name (GR_TRACK_KIND (track->track)));
  gr_json_writer_bool_member (json, "allowed", gr_participant_sends (participant, GR_TRACK_KIND (track->track)));
  write_fields (json, track, track_fields, G_N_ELEMENTS (track_fields));
  gr_json_writer_end_object (json);
}

static void
write_tracks (GrJsonWriter *json, const GrHubSnapshot *snapshot, const GrRoom *room)
{
  gr_json_writer_begin_array_member (json, "tracks");
  for (guint i = 0; i < snapshot->tracks->len; i++)
    {
      const GrHubTrackStats *track = &g_array_index (snapshot->tracks, GrHubTrackStats, i);
      const GrParticipant *participant = gr_room_find_peer (room, track->peer);

      if (participant != NULL)
        write_track (json, track, participant);
    }
  gr_json_writer_end_array (json);
}

/* Whose the track in the slot is: two members, null for an empty slot. */
static void
write_carried (GrJsonWriter *json, const GrRoom *room, GrHubTrackId track)
{
  const GrParticipant *from = gr_room_find_peer (room, GR_TRACK_PEER (track));

  gr_json_writer_string_member (json, "from", from != NULL ? from->id : NULL);
  gr_json_writer_string_member (json, "kind", from != NULL ? gr_track_kind_name (GR_TRACK_KIND (track)) : NULL);
}

static void
write_slot_fields (GrJsonWriter *json, const GrHubSlotStats *slot)
{
  write_fields (json, slot, slot_fields, G_N_ELEMENTS (slot_fields));
  gr_json_writer_double_member (json, "fractionLost", slot->fraction_lost / 256.0);
}

static void
write_slots (GrJsonWriter *json, const GrHubSnapshot *snapshot, const GrRoom *room)
{
  gr_json_writer_begin_array_member (json, "slots");
  for (guint i = 0; i < snapshot->slots->len; i++)
    {
      const GrHubSlotStats *slot = &g_array_index (snapshot->slots, GrHubSlotStats, i);
      const GrParticipant *participant = gr_room_find_peer (room, slot->peer);

      if (participant == NULL)
        continue;
      gr_json_writer_begin_object (json);
      gr_json_writer_string_member (json, "participant", participant->id);
      gr_json_writer_string_member (json, "mid", gr_participant_mid_of_slot (participant, slot->slot));
      write_carried (json, room, slot->track);
      write_slot_fields (json, slot);
      gr_json_writer_end_object (json);
    }
  gr_json_writer_end_array (json);
}

static void
write_sent (GrJsonWriter *json, const GrHubSnapshot *snapshot, const GrParticipant *participant)
{
  gr_json_writer_begin_array_member (json, "sent");
  for (guint i = 0; i < snapshot->tracks->len; i++)
    {
      const GrHubTrackStats *track = &g_array_index (snapshot->tracks, GrHubTrackStats, i);

      if (track->peer == participant->peer)
        write_track (json, track, participant);
    }
  gr_json_writer_end_array (json);
}

/* What the slot carries, and how that fares on its way from its sender to us. */
static void
write_source (GrJsonWriter *json, const GrHubSnapshot *snapshot, const GrRoom *room, GrHubTrackId id)
{
  for (guint i = 0; i < snapshot->tracks->len; i++)
    {
      const GrHubTrackStats *track = &g_array_index (snapshot->tracks, GrHubTrackStats, i);
      const GrParticipant *from = track->track == id ? gr_room_find_peer (room, track->peer) : NULL;

      if (from == NULL)
        continue;
      gr_json_writer_name (json, "source");
      write_track (json, track, from);
      return;
    }
}

static void
write_received (GrJsonWriter *json, const GrHubSnapshot *snapshot, const GrRoom *room, const GrParticipant *participant)
{
  gr_json_writer_begin_array_member (json, "received");
  for (guint i = 0; i < snapshot->slots->len; i++)
    {
      const GrHubSlotStats *slot = &g_array_index (snapshot->slots, GrHubSlotStats, i);
      const char *mid = gr_participant_mid_of_slot (participant, slot->slot);
      const GrParticipant *from = gr_room_find_peer (room, GR_TRACK_PEER (slot->track));

      if (slot->peer != participant->peer || mid == NULL || from == NULL)
        continue;
      gr_json_writer_begin_object (json);
      gr_json_writer_string_member (json, "mid", mid);
      gr_json_writer_string_member (json, "participant", from->id);
      gr_json_writer_string_member (json, "kind", gr_track_kind_name (GR_TRACK_KIND (slot->track)));
      write_slot_fields (json, slot);
      write_source (json, snapshot, room, slot->track);
      gr_json_writer_end_object (json);
    }
  gr_json_writer_end_array (json);
}

char *
gr_statistics_write (const GrHubSnapshot *snapshot, GPtrArray *rooms)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_json_writer_begin_object_member (&json, "hub");
  write_fields (&json, &snapshot->counters, hub_fields, G_N_ELEMENTS (hub_fields));
  gr_json_writer_end_object (&json);

  gr_json_writer_begin_array_member (&json, "rooms");
  for (guint i = 0; i < rooms->len; i++)
    {
      const GrRoom *room = g_ptr_array_index (rooms, i);

      gr_json_writer_begin_object (&json);
      gr_json_writer_string_member (&json, "room", gr_room_get_id (room));
      write_peers (&json, snapshot, room);
      write_tracks (&json, snapshot, room);
      write_slots (&json, snapshot, room);
      gr_json_writer_end_object (&json);
    }
  gr_json_writer_end_array (&json);
  gr_json_writer_end_object (&json);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
gr_statistics_write_quality (const GrHubSnapshot *snapshot, const GrRoom *room, const GrParticipant *participant)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  write_sent (&json, snapshot, participant);
  write_received (&json, snapshot, room, participant);
  gr_json_writer_end_object (&json);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
