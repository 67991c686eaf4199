/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/hub/casting: what subscribers get while a room talks by a script. Persons are 1 to PEOPLE; the screen
 * of person 3 is SCREEN, the programme is PROGRAMME. */
#include "media/hub/casting.h"

#define TICK_MS 100
#define LOUD 25
#define SOFT 35
#define NOISE 90

#define PEOPLE 20
#define SCREEN 100
#define PROGRAMME 101
#define SLOTS 4

typedef struct
{
  GrSpeakers *speakers;
  GrAssignment *audio;
  GrAssignment *video;
  gint64 now_us;
  guint level[PEOPLE + 1];
  gboolean gone[PROGRAMME + 1];
  GrSourceId own;
  GrSourceId unranked[1];
  guint n_unranked;
  GrSourceId pinned[2];
  guint n_pinned;
  GrSourceId shown[PEOPLE];
  guint n_shown;
} Scene;

static gboolean
sends (GrSourceId source, gboolean sound, gpointer user_data)
{
  const Scene *scene = user_data;

  return !scene->gone[source];
}

static void
cast (Scene *scene)
{
  const GrCastWish wish = {
    .own = &scene->own,
    .n_own = 1,
    .unranked = scene->unranked,
    .n_unranked = scene->n_unranked,
    .pinned = scene->pinned,
    .n_pinned = scene->n_pinned,
    .shown = scene->shown,
    .n_shown = scene->n_shown,
  };

  gr_cast (scene->speakers, &wish, sends, scene, scene->audio, scene->video);
}

static void
begin (Scene *scene, GrSourceId own)
{
  *scene = (Scene){ .speakers = gr_speakers_new (),
                    .audio = gr_assignment_new (SLOTS),
                    .video = gr_assignment_new (SLOTS),
                    .now_us = G_TIME_SPAN_HOUR,
                    .own = own };
  for (GrSourceId person = 1; person <= PEOPLE; person++)
    {
      scene->level[person] = NOISE;
      gr_speakers_add (scene->speakers, person);
    }
  gr_speakers_tick (scene->speakers, scene->now_us);
  cast (scene);
}

static void
end (Scene *scene)
{
  gr_speakers_free (scene->speakers);
  gr_assignment_free (scene->audio);
  gr_assignment_free (scene->video);
}

/* Goes on for @ms as the levels say. Returns: how often a slot changed hands. */
static guint
play (Scene *scene, guint ms)
{
  guint changes = 0;

  for (guint elapsed = 0; elapsed < ms; elapsed += TICK_MS)
    {
      GrSourceId before[SLOTS];

      for (guint slot = 0; slot < SLOTS; slot++)
        before[slot] = gr_assignment_get (scene->audio, slot);
      for (GrSourceId person = 1; person <= PEOPLE; person++)
        gr_speakers_hear (scene->speakers, person, scene->level[person]);
      scene->now_us += TICK_MS * G_TIME_SPAN_MILLISECOND;
      if (gr_speakers_tick (scene->speakers, scene->now_us))
        cast (scene);
      for (guint slot = 0; slot < SLOTS; slot++)
        changes += before[slot] != gr_assignment_get (scene->audio, slot);
    }

  return changes;
}

static gboolean
hears (const Scene *scene, GrSourceId person)
{
  return gr_assignment_find (scene->audio, person) != G_MAXUINT;
}

static void
test_speaker_gets_slot (void)
{
  Scene scene;

  g_test_summary ("Whoever begins to speak is heard within 400 ms, and only one slot changes for that");

  begin (&scene, 1);
  g_assert_false (hears (&scene, 1));
  for (GrSourceId person = 6; person <= PEOPLE; person += 3)
    {
      scene.level[person] = LOUD;
      g_assert_cmpuint (play (&scene, 400), ==, 1);
      g_assert_true (hears (&scene, person));
      g_assert_cmpuint (play (&scene, 3000), ==, 0);
      scene.level[person] = NOISE;
      g_assert_cmpuint (play (&scene, 3000), ==, 0);
    }
  end (&scene);
}

static void
test_noises (void)
{
  Scene scene;

  g_test_summary ("A cough of somebody who has no slot takes none from those who speak");

  begin (&scene, 1);
  scene.level[2] = scene.level[3] = LOUD;
  play (&scene, 1000);
  for (guint cough = 0; cough < 10; cough++)
    {
      scene.level[15] = LOUD;
      g_assert_cmpuint (play (&scene, 100), ==, 0);
      scene.level[15] = NOISE;
      g_assert_cmpuint (play (&scene, 900), ==, 0);
    }
  g_assert_true (hears (&scene, 2) && hears (&scene, 3));
  end (&scene);
}

static void
test_crosstalk (void)
{
  Scene scene;
  guint changes = 0;

  g_test_summary ("When more people speak than there are slots, those who have one keep it, unless much quieter");

  begin (&scene, 1);
  for (GrSourceId person = 2; person <= 5; person++)
    scene.level[person] = SOFT;
  play (&scene, 2000);
  for (GrSourceId person = 6; person <= 9; person++)
    scene.level[person] = SOFT - 3;
  for (guint second = 0; second < 20; second++)
    changes += play (&scene, 1000);
  g_assert_cmpuint (changes, ==, 0);

  scene.level[9] = LOUD - 10;
  play (&scene, 5000);
  g_assert_true (hears (&scene, 9));
  end (&scene);
}

static void
test_each_hears_others (void)
{
  g_test_summary ("Those who speak hear each other and not themselves");

  for (GrSourceId own = 2; own <= 6; own++)
    {
      Scene scene;

      begin (&scene, own);
      for (GrSourceId person = 2; person <= 6; person++)
        scene.level[person] = LOUD;
      play (&scene, 1000);
      for (GrSourceId person = 2; person <= 6; person++)
        g_assert_cmpint (hears (&scene, person), ==, person != own);
      end (&scene);
    }
}

static void
test_pinned (void)
{
  Scene scene;

  g_test_summary ("The sound of a screen that is looked at stays, whoever speaks, and goes with the screen");

  begin (&scene, 1);
  gr_speakers_add (scene.speakers, SCREEN);
  scene.pinned[scene.n_pinned++] = SCREEN;
  scene.shown[scene.n_shown++] = SCREEN;
  for (GrSourceId person = 2; person <= 9; person++)
    scene.level[person] = LOUD;
  play (&scene, 2000);
  g_assert_true (hears (&scene, SCREEN));
  g_assert_cmpuint (gr_assignment_find (scene.video, SCREEN), ==, gr_assignment_find (scene.audio, SCREEN));

  gr_speakers_remove (scene.speakers, SCREEN);
  scene.gone[SCREEN] = TRUE;
  scene.n_pinned = 0;
  scene.n_shown = 0;
  play (&scene, 1000);
  g_assert_false (hears (&scene, SCREEN));
  g_assert_cmpuint (gr_assignment_find (scene.video, SCREEN), ==, G_MAXUINT);
  end (&scene);
}

static void
test_programme (void)
{
  Scene scene;

  g_test_summary ("Whoever watches the programme hears it, however many speak");

  begin (&scene, 1);
  scene.unranked[scene.n_unranked++] = PROGRAMME;
  scene.shown[scene.n_shown++] = PROGRAMME;
  for (GrSourceId person = 2; person <= 9; person++)
    scene.level[person] = LOUD;
  play (&scene, 2000);
  g_assert_true (hears (&scene, PROGRAMME));
  g_assert_cmpuint (gr_assignment_find (scene.video, PROGRAMME), ==, gr_assignment_find (scene.audio, PROGRAMME));
  end (&scene);
}

static void
test_pictures (void)
{
  Scene scene;

  g_test_summary ("Pictures are those asked for, the first ones first; speech moves none, and one not wanted goes");

  begin (&scene, 1);
  for (GrSourceId person = 2; person <= 8; person++)
    scene.shown[scene.n_shown++] = person;
  cast (&scene);
  for (GrSourceId person = 2; person <= 8; person++)
    g_assert_cmpint (gr_assignment_find (scene.video, person) != G_MAXUINT, ==, person < 2 + SLOTS);

  scene.level[8] = LOUD;
  play (&scene, 1000);
  g_assert_cmpuint (gr_assignment_find (scene.video, 8), ==, G_MAXUINT);

  scene.shown[0] = 8;
  cast (&scene);
  g_assert_cmpuint (gr_assignment_find (scene.video, 2), ==, G_MAXUINT);
  g_assert_cmpuint (gr_assignment_find (scene.video, 8), !=, G_MAXUINT);

  scene.n_shown = 1;
  cast (&scene);
  for (GrSourceId person = 2; person < 8; person++)
    g_assert_cmpuint (gr_assignment_find (scene.video, person), ==, G_MAXUINT);
  end (&scene);
}

static void
test_muted (void)
{
  Scene scene;

  g_test_summary ("Somebody who is muted or leaves loses the slot at once");

  begin (&scene, 1);
  scene.level[7] = LOUD;
  play (&scene, 1000);
  g_assert_true (hears (&scene, 7));
  gr_speakers_remove (scene.speakers, 7);
  scene.gone[7] = TRUE;
  cast (&scene);
  g_assert_false (hears (&scene, 7));
  end (&scene);
}

static void
test_everybody (void)
{
  Scene scene;

  g_test_summary ("With nineteen slots twenty people all hear each other, and speech changes nothing");

  begin (&scene, 1);
  gr_assignment_resize (scene.audio, PEOPLE - 1);
  cast (&scene);
  for (GrSourceId person = 2; person <= PEOPLE; person++)
    scene.level[person] = person % 2 == 0 ? LOUD : SOFT;
  g_assert_cmpuint (play (&scene, 5000), ==, 0);
  for (GrSourceId person = 2; person <= PEOPLE; person++)
    g_assert_true (hears (&scene, person));
  end (&scene);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/casting/whoever-speaks-is-heard", test_speaker_gets_slot);
  g_test_add_func ("/casting/a-cough-takes-no-slot", test_noises);
  g_test_add_func ("/casting/crosstalk-does-not-flicker", test_crosstalk);
  g_test_add_func ("/casting/speakers-hear-each-other", test_each_hears_others);
  g_test_add_func ("/casting/a-screens-sound-stays", test_pinned);
  g_test_add_func ("/casting/programme", test_programme);
  g_test_add_func ("/casting/pictures-are-those-asked-for", test_pictures);
  g_test_add_func ("/casting/the-muted-lose-their-slot", test_muted);
  g_test_add_func ("/casting/twenty-hear-nineteen", test_everybody);

  return g_test_run ();
}
