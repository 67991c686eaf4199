/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Time that goes wrong: the machine's clock is set, a sender's clock jumps, somebody vanishes. */
#include "party.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plugins/hubtransport/bytes.h"

#define DAY (24 * 60 * 60 * G_GINT64_CONSTANT (1))
#define N_REPORTS 300
/* µs: how long the hub believes in somebody who says nothing, and what the test allows for a busy machine. */
#define LIVENESS_MIN (5 * G_USEC_PER_SEC)
#define LIVENESS_MAX (10 * G_USEC_PER_SEC)

/* Seconds by which the worker's wall clock is off (wall-clock.c). */
static gint64 *ahead;

static void
set_up_with_wall_clock (Party *party, gconstpointer data)
{
  const char *options = g_getenv ("ASAN_OPTIONS");
  g_autofree char *saved = g_strdup (options);
  g_autofree char *relaxed = g_strconcat (options != NULL ? options : "", ":verify_asan_link_order=0", NULL);
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("wall-clock-XXXXXX", &path, NULL);

  g_assert_cmpint (ftruncate (fd, sizeof *ahead), ==, 0);
  ahead = mmap (NULL, sizeof *ahead, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert_true (ahead != MAP_FAILED);
  close (fd);

  /* For the worker alone: this process is running. */
  g_setenv ("LD_PRELOAD", g_getenv ("GREENROOM_WALL_CLOCK"), TRUE);
  g_setenv ("WALL_CLOCK", path, TRUE);
  g_setenv ("ASAN_OPTIONS", relaxed, TRUE);
  party_set_up (party, data);
  g_unsetenv ("LD_PRELOAD");
  g_unsetenv ("WALL_CLOCK");
  g_setenv ("ASAN_OPTIONS", saved != NULL ? saved : "", TRUE);
  unlink (path);
}

static void
tear_down_with_wall_clock (Party *party, gconstpointer data)
{
  party_tear_down (party, data);
  munmap (ahead, sizeof *ahead);
}

static void
on_gone (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *name,
         GVariant *arguments,
         gpointer user_data)
{
  char **gone = user_data;

  g_free (*gone);
  g_variant_get (arguments, "(ss)", NULL, gone);
}

/* Eve vanishes, and is found out in time. */
static void
assert_missed (Party *party)
{
  char *gone = NULL;
  guint watch = g_dbus_connection_signal_subscribe (party->worker->hub, NULL, "org.greenroom.Media1.Hub", "Gone", NULL,
                                                    NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_gone, &gone, NULL);
  gint64 began = g_get_monotonic_time ();
  gint64 took;

  person_vanish (party->eve);
  worker_wait_until (gone != NULL);
  took = g_get_monotonic_time () - began;
  g_test_message ("missed after %.1f s", took / (double) G_USEC_PER_SEC);
  g_assert_cmpstr (gone, ==, "eve");
  g_assert_cmpint (took, >, LIVENESS_MIN);
  g_assert_cmpint (took, <, LIVENESS_MAX);
  g_dbus_connection_signal_unsubscribe (party->worker->hub, watch);
  g_free (gone);
  party_assert_undisturbed (party);
}

static void
test_vanishing (Party *party, gconstpointer data)
{
  g_test_summary ("Who vanishes is missed after five to ten seconds, and the others go on");
  assert_missed (party);
}

static void
test_wall_clock (Party *party, gconstpointer data)
{
  static const gint64 jumps[] = { DAY, -DAY, 50 * 365 * DAY, 0 };

  g_test_summary ("The machine's clock may be set by years, and nobody is missed who is there, nor kept who is gone");
  for (guint i = 0; i < G_N_ELEMENTS (jumps); i++)
    {
      __atomic_store_n (ahead, jumps[i], __ATOMIC_SEQ_CST);
      party_assert_undisturbed (party);
    }
  __atomic_store_n (ahead, DAY, __ATOMIC_SEQ_CST);
  assert_missed (party);
}

static gboolean
jump (GstBuffer **buffer, guint index, gpointer user_data)
{
  Party *party = user_data;
  guint8 timestamp[4];

  gr_write_u32 (timestamp, g_rand_int (party->dice));
  *buffer = gst_buffer_make_writable (*buffer);
  gst_buffer_fill (*buffer, 4, timestamp, sizeof timestamp);
  return TRUE;
}

static GstPadProbeReturn
jump_all (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    {
      GstBufferList *list = gst_buffer_list_make_writable (GST_PAD_PROBE_INFO_BUFFER_LIST (info));

      gst_buffer_list_foreach (list, jump, user_data);
      GST_PAD_PROBE_INFO_DATA (info) = list;
    }
  else
    {
      GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

      jump (&buffer, 0, user_data);
      GST_PAD_PROBE_INFO_DATA (info) = buffer;
    }
  return GST_PAD_PROBE_OK;
}

/* A sender report of Eve's camera, of any time at all. */
static gsize
write_report (Party *party, guint8 *datagram)
{
  g_autofree char *sdp = party_offer_of (party->eve);
  g_autofree char *ssrc = party_word_after (strstr (sdp, "m=video"), "a=ssrc:");

  datagram[0] = 0x80;
  datagram[1] = 200;
  gr_write_u16 (datagram + 2, 6);
  gr_write_u32 (datagram + 4, strtoul (ssrc, NULL, 10));
  for (guint at = 8; at < 28; at += 4)
    gr_write_u32 (datagram + at, g_rand_int (party->dice));
  return 28;
}

static void
test_senders_clock (Party *party, gconstpointer data)
{
  g_autoptr (GstIterator) iterator
      = gst_bin_iterate_all_by_element_factory_name (GST_BIN (party->eve->pipeline), "rtpvp8pay");
  GValue item = G_VALUE_INIT;
  g_autoptr (GstPad) pad = NULL;
  gint64 packets;
  gulong probe;
  gint before;

  g_test_summary (
      "A sender whose clock jumps with every packet and report disturbs nobody, and is seen again after it");
  g_assert_cmpint (gst_iterator_next (iterator, &item), ==, GST_ITERATOR_OK);
  pad = gst_element_get_static_pad (g_value_get_object (&item), "src");
  g_value_unset (&item);
  party_subscribe (party, "eve", "ben");
  probe = gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, jump_all, party, NULL);
  for (guint i = 0; i < N_REPORTS; i++)
    {
      guint8 report[PARTY_DATAGRAM_BYTES];

      party_send_rtcp (party, report, write_report (party, report));
    }
  packets = worker_counter (party->worker, "packetsIn");
  worker_wait_until (worker_counter (party->worker, "packetsIn") > packets + N_REPORTS);
  party_assert_undisturbed (party);

  gst_pad_remove_probe (pad, probe);
  party_subscribe (party, "ann", "eve");
  before = party_frames (party->ann);
  worker_wait_until (party_frames (party->ann) > before + 15);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

#define party_test(path, function) g_test_add (path, Party, NULL, party_set_up, function, party_tear_down)
  party_test ("/hub-clocks/senders-clock", test_senders_clock);
  party_test ("/hub-clocks/vanishing", test_vanishing);
  g_test_add ("/hub-clocks/wall-clock", Party, NULL, set_up_with_wall_clock, test_wall_clock,
              tear_down_with_wall_clock);

  return g_test_run ();
}
