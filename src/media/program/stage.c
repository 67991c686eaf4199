/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "program"

#include "media/program/stage.h"

#include "base/log.h"
#include "media/program/titles.h"

/* Overlays of the mixer: for each picture its name first, then what stands in for it. */
enum
{
  OVERLAY_STAND_IN = GR_LAYOUT_MAX_PICTURES,
  OVERLAY_PICTURE = 2 * GR_LAYOUT_MAX_PICTURES,
  OVERLAY_LOGO,
  OVERLAY_SLATE,
  OVERLAY_BANNER,
  OVERLAY_MESSAGE,
  OVERLAY_STRIP,
  OVERLAY_TICKER,
  N_OVERLAYS
};

/* Above all pictures. */
#define TITLES_Z 1000
#define FADE (250 * GST_MSECOND)
/* Of the canvas's height in a second. */
#define TICKER_SPEED 0.12
#define MAX_LOGO 6 /* parts of the canvas */

G_STATIC_ASSERT (N_OVERLAYS <= GR_MIX_MAX_OVERLAYS);

/* What is drawn, and of what: not drawn again before that changes. */
typedef struct
{
  char *made_of;
  GrMixImage *image;
} Drawn;

struct _GrStage
{
  GrLayoutMix *mix; /* borrowed */
  gint width;
  gint height;
  guint serial;
  Drawn drawn[N_OVERLAYS];
  Drawn background;
};

static void
forget (Drawn *drawn)
{
  g_clear_pointer (&drawn->made_of, g_free);
  g_clear_pointer (&drawn->image, gr_mix_image_unref);
}

/* TRUE if it has to be drawn: @made_of (taken) is another. */
static gboolean
is_new (Drawn *drawn, char *made_of)
{
  if (g_strcmp0 (drawn->made_of, made_of) == 0)
    {
      g_free (made_of);
      return FALSE;
    }

  forget (drawn);
  drawn->made_of = made_of;
  return TRUE;
}

static void
draw (Drawn *drawn, GrTitle *title)
{
  if (title == NULL)
    return;

  drawn->image = gr_mix_image_new (title->pixels, title->width, title->height, title->stride);
  gr_title_free (title);
}

static void
draw_picture (Drawn *drawn, const char *path, gint max_width, gint max_height)
{
  g_autoptr (GError) error = NULL;

  draw (drawn, gr_title_picture (path, max_width, max_height, &error));
  if (error != NULL)
    gr_warning ("%s cannot be shown: %s", path, error->message);
}

/* Shows or takes away an overlay, by what was drawn. */
static void
put (GrStage *stage, guint number, const GrMixOverlay *where)
{
  GrMixOverlay overlay = *where;

  overlay.image = stage->drawn[number].image;
  gr_layout_mix_set_overlay (stage->mix, number, overlay.image != NULL ? &overlay : NULL, FADE);
}

static void
clear (GrStage *stage, guint number)
{
  forget (&stage->drawn[number]);
  gr_layout_mix_set_overlay (stage->mix, number, NULL, FADE);
}

static void
put_name (GrStage *stage, guint number, const GrScene *scene, const char *name, const GrMixBox *box)
{
  gint gap = gr_layout_gap (stage->width, stage->height);
  GrMixOverlay where = { .z = box->z, .x = gap, .y = gap, .anchor = box->pad };
  Drawn *drawn = &stage->drawn[number];

  if (is_new (drawn, g_strdup_printf ("%06x %d %s", scene->colour, box->cell.width, name)))
    draw (drawn, gr_title_name_tag (name, scene->colour, stage->height, box->cell.width - 2 * gap));
  if (box->pad == NULL && drawn->image != NULL)
    {
      where.x = box->cell.x + gap;
      where.y = box->cell.y + box->cell.height - gap - gr_mix_image_get_height (drawn->image);
    }
  put (stage, number, &where);
}

static void
put_stand_in (GrStage *stage, guint number, const GrScene *scene, const char *name, const GrMixBox *box)
{
  Drawn *drawn = &stage->drawn[number];

  if (is_new (drawn, g_strdup_printf ("%06x %dx%d %s", scene->colour, box->cell.width, box->cell.height,
                                      name != NULL ? name : "")))
    draw (drawn, gr_title_stand_in (name, scene->colour, box->cell.width, box->cell.height));
  put (stage, number, &(GrMixOverlay){ .z = box->z, .x = box->cell.x, .y = box->cell.y });
}

static void
put_ticker (GrStage *stage, const GrScene *scene)
{
  gint strip_height;

  if (scene->ticker == NULL || scene->ticker[0] == '\0')
    {
      clear (stage, OVERLAY_STRIP);
      clear (stage, OVERLAY_TICKER);
      return;
    }

  if (is_new (&stage->drawn[OVERLAY_STRIP], g_strdup_printf ("%06x", scene->colour)))
    draw (&stage->drawn[OVERLAY_STRIP], gr_title_strip (scene->colour, stage->height, stage->width));
  if (is_new (&stage->drawn[OVERLAY_TICKER], g_strdup (scene->ticker)))
    draw (&stage->drawn[OVERLAY_TICKER], gr_title_ticker (scene->ticker, stage->height, GR_MIX_IMAGE_MAX_SIDE));

  strip_height
      = stage->drawn[OVERLAY_STRIP].image != NULL ? gr_mix_image_get_height (stage->drawn[OVERLAY_STRIP].image) : 0;
  put (stage, OVERLAY_STRIP, &(GrMixOverlay){ .z = TITLES_Z + 2, .y = stage->height - strip_height });
  put (stage, OVERLAY_TICKER,
       &(GrMixOverlay){ .z = TITLES_Z + 3,
                        .y = stage->height - strip_height,
                        .width = stage->width,
                        .speed = TICKER_SPEED * stage->height });
}

/* In the middle. */
static void
put_slate (GrStage *stage, const GrScene *scene)
{
  Drawn *drawn = &stage->drawn[OVERLAY_SLATE];
  GrMixOverlay where = { .z = TITLES_Z };

  if (is_new (drawn, g_strdup (scene->title)))
    draw (drawn, gr_title_slate (scene->title, stage->height, stage->width * 4 / 5));
  if (drawn->image != NULL)
    {
      where.x = (stage->width - gr_mix_image_get_width (drawn->image)) / 2;
      where.y = (stage->height - gr_mix_image_get_height (drawn->image)) / 2;
    }
  put (stage, OVERLAY_SLATE, &where);
}

static gint
height_of (const GrStage *stage, guint number)
{
  return stage->drawn[number].image != NULL ? gr_mix_image_get_height (stage->drawn[number].image) : 0;
}

/* From the lower edge up: ticker, banner, message. */
static void
put_texts (GrStage *stage, const GrScene *scene)
{
  gint gap = gr_layout_gap (stage->width, stage->height);
  gint y = stage->height - height_of (stage, OVERLAY_STRIP) - gap;

  if (scene->banner_title == NULL)
    clear (stage, OVERLAY_BANNER);
  else
    {
      if (is_new (&stage->drawn[OVERLAY_BANNER],
                  g_strdup_printf ("%06x\n%s\n%s", scene->colour, scene->banner_title,
                                   scene->banner_subtitle != NULL ? scene->banner_subtitle : "")))
        draw (&stage->drawn[OVERLAY_BANNER], gr_title_banner (scene->banner_title, scene->banner_subtitle,
                                                              scene->colour, stage->height, stage->width - 2 * gap));
      y -= height_of (stage, OVERLAY_BANNER);
      put (stage, OVERLAY_BANNER, &(GrMixOverlay){ .z = TITLES_Z + 1, .x = gap, .y = y });
      y -= gap;
    }

  if (scene->message_text == NULL)
    clear (stage, OVERLAY_MESSAGE);
  else
    {
      const char *name = scene->message_name != NULL ? scene->message_name : "";

      if (is_new (&stage->drawn[OVERLAY_MESSAGE],
                  g_strdup_printf ("%06x\n%s\n%s", scene->colour, name, scene->message_text)))
        draw (&stage->drawn[OVERLAY_MESSAGE],
              gr_title_message (name, scene->message_text, scene->colour, stage->height, stage->width / 2));
      put (stage, OVERLAY_MESSAGE,
           &(GrMixOverlay){ .z = TITLES_Z + 1, .x = gap, .y = y - height_of (stage, OVERLAY_MESSAGE) });
    }
}

static void
put_logo (GrStage *stage, const GrScene *scene)
{
  gint gap = gr_layout_gap (stage->width, stage->height);
  GrMixOverlay where = { .z = TITLES_Z, .x = gap, .y = gap };
  GrMixImage *image;

  if (scene->logo_path == NULL)
    {
      clear (stage, OVERLAY_LOGO);
      return;
    }

  if (is_new (&stage->drawn[OVERLAY_LOGO], g_strdup (scene->logo_path)))
    draw_picture (&stage->drawn[OVERLAY_LOGO], scene->logo_path, stage->width / MAX_LOGO, stage->height / MAX_LOGO);
  image = stage->drawn[OVERLAY_LOGO].image;
  if (image != NULL && (scene->logo_corner == GR_CORNER_TOP_RIGHT || scene->logo_corner == GR_CORNER_BOTTOM_RIGHT))
    where.x = stage->width - gap - gr_mix_image_get_width (image);
  if (image != NULL && (scene->logo_corner == GR_CORNER_BOTTOM_LEFT || scene->logo_corner == GR_CORNER_BOTTOM_RIGHT))
    where.y = stage->height - gap - gr_mix_image_get_height (image);
  put (stage, OVERLAY_LOGO, &where);
}

static void
put_pictures (GrStage *stage, const GrScene *scene)
{
  if (scene->overlay_path == NULL)
    clear (stage, OVERLAY_PICTURE);
  else
    {
      if (is_new (&stage->drawn[OVERLAY_PICTURE], g_strdup (scene->overlay_path)))
        draw_picture (&stage->drawn[OVERLAY_PICTURE], scene->overlay_path, stage->width, stage->height);
      put (stage, OVERLAY_PICTURE, &(GrMixOverlay){ .z = TITLES_Z - 1 });
    }

  if (is_new (&stage->background, g_strdup (scene->background_path != NULL ? scene->background_path : "")))
    if (scene->background_path != NULL)
      draw_picture (&stage->background, scene->background_path, stage->width, stage->height);
  gr_layout_mix_set_background (stage->mix, scene->background, stage->background.image);
}

static const GrInput *
find_input (GPtrArray *inputs, const GrSceneEntry *entry)
{
  for (guint i = 0; i < inputs->len; i++)
    {
      const GrInput *input = g_ptr_array_index (inputs, i);

      if (gr_input_is_video (input) && g_str_equal (gr_input_get_participant (input), entry->participant)
          && g_str_equal (gr_input_get_kind (input), entry->screen ? "screen" : "camera"))
        return input;
    }

  return NULL;
}

/* Who of the scene is on stage: with the input of a picture, or NULL of somebody whose camera is off or has not come
 * yet. Returns how many. */
static guint
choose (const GrScene *scene,
        GArray *people,
        GPtrArray *inputs,
        GrLayoutPicture *pictures,
        const GrInput **chosen,
        const char **names)
{
  guint n = 0;

  for (guint i = 0; i < scene->order->len && n < GR_LAYOUT_MAX_PICTURES; i++)
    {
      const GrSceneEntry *entry = &g_array_index (scene->order, GrSceneEntry, i);
      const GrPersonOnShow *person = gr_people_find (people, entry->participant);
      const GrInput *input = find_input (inputs, entry);

      if (person == NULL || !person->on_stage || (entry->screen && input == NULL))
        continue;
      pictures[n] = (GrLayoutPicture){ .fit = entry->fit, .screen = entry->screen };
      names[n] = person->name;
      chosen[n++] = entry->screen || person->camera ? input : NULL;
    }

  return n;
}

GrStage *
gr_stage_new (GrLayoutMix *mix, gint width, gint height)
{
  GrStage *stage = g_new0 (GrStage, 1);

  stage->mix = mix;
  stage->width = width;
  stage->height = height;
  return stage;
}

void
gr_stage_free (GrStage *stage)
{
  for (guint i = 0; i < N_OVERLAYS; i++)
    forget (&stage->drawn[i]);
  forget (&stage->background);
  g_free (stage);
}

void
gr_stage_apply (GrStage *stage, const GrScene *scene, GArray *people, GPtrArray *inputs, gboolean animated)
{
  GrLayoutPicture pictures[GR_LAYOUT_MAX_PICTURES] = { 0 };
  const GrInput *chosen[GR_LAYOUT_MAX_PICTURES];
  const char *names[GR_LAYOUT_MAX_PICTURES];
  GrLayoutBox places[GR_LAYOUT_MAX_PICTURES] = { 0 };
  GrMixBox boxes[GR_LAYOUT_MAX_PICTURES];
  guint n = choose (scene, people, inputs, pictures, chosen, names);
  guint n_boxes = 0;

  gr_layout_arrange (scene->layout, stage->width, stage->height, pictures, n, places);
  for (guint i = 0; i < GR_LAYOUT_MAX_PICTURES; i++)
    {
      GrMixBox box = { NULL, places[i].cell, pictures[i].fit, places[i].z };
      gboolean shown = i < n && places[i].shown;

      if (shown && chosen[i] != NULL)
        {
          box.pad = gr_input_get_mixer_pad (chosen[i]);
          boxes[n_boxes++] = box;
        }

      if (shown && chosen[i] == NULL)
        put_stand_in (stage, OVERLAY_STAND_IN + i, scene, names[i], &box);
      else
        clear (stage, OVERLAY_STAND_IN + i);

      if (shown && scene->name_tags && !pictures[i].screen && names[i] != NULL)
        put_name (stage, i, scene, names[i], &box);
      else
        clear (stage, i);
    }

  if (n == 0)
    put_slate (stage, scene);
  else
    clear (stage, OVERLAY_SLATE);
  put_pictures (stage, scene);
  put_logo (stage, scene);
  put_ticker (stage, scene);
  put_texts (stage, scene);
  gr_layout_mix_commit (stage->mix, ++stage->serial, boxes, n_boxes, animated ? scene->transition : GR_TRANSITION_CUT,
                        animated ? scene->transition_ms * GST_MSECOND : 0);
}
