/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands in for libFuzzer where there is none: runs a target on every seed of a directory, and then on a few thousand
 * mutations of them, the same ones every time. Usage: fuzz-X SEEDS [MUTATIONS] */
#include <stdio.h>
#include <stdlib.h>

#include <glib.h>

#define DEFAULT_MUTATIONS 4000
#define MAX_LENGTH (64 * 1024)

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

/* What parsers of text trip over. */
static const char interesting[] = "\"\\{}[]:,.-+eE019 \t\r\n\0\x7f\x80\xc0\xed\xf4\xff=;&%/'";

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* The contents of the files of @path, in the order of their names. */
static GPtrArray *
read_seeds (const char *path)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    {
      char *text;
      gsize length;

      if (g_file_get_contents (g_ptr_array_index (names, i), &text, &length, NULL))
        g_ptr_array_add (seeds, g_bytes_new_take (text, length));
    }

  return seeds;
}

/* A copy of the exact size, so that AddressSanitizer sees a read past the end. */
static void
run (const guint8 *bytes, gsize length)
{
  guint8 *copy = malloc (length > 0 ? length : 1);

  if (length > 0)
    memcpy (copy, bytes, length);
  LLVMFuzzerTestOneInput (copy, length);
  free (copy);
}

static void
splice (GRand *rand, GByteArray *input, GPtrArray *seeds)
{
  GBytes *other = g_ptr_array_index (seeds, g_rand_int_range (rand, 0, seeds->len));
  gsize length;
  const guint8 *bytes = g_bytes_get_data (other, &length);
  gsize from = length > 0 ? g_rand_int (rand) % length : 0;

  g_byte_array_set_size (input, g_rand_int (rand) % (input->len + 1));
  if (length > 0)
    g_byte_array_append (input, bytes + from, length - from);
}

static void
repeat_range (GRand *rand, GByteArray *input)
{
  gsize from = g_rand_int (rand) % input->len;
  gsize length = 1 + g_rand_int (rand) % (input->len - from);
  g_autofree guint8 *range = g_memdup2 (input->data + from, length);

  for (guint n = g_rand_int_range (rand, 1, 40); n > 0 && input->len + length < MAX_LENGTH; n--)
    g_byte_array_append (input, range, length);
}

static void
mutate (GRand *rand, GByteArray *input, GPtrArray *seeds)
{
  guint8 byte = interesting[g_rand_int_range (rand, 0, sizeof interesting - 1)];
  gsize at;

  if (input->len == 0)
    {
      g_byte_array_append (input, &byte, 1);
      return;
    }

  at = g_rand_int (rand) % input->len;
  switch (g_rand_int_range (rand, 0, 6))
    {
    case 0:
      input->data[at] ^= 1 << g_rand_int_range (rand, 0, 8);
      break;
    case 1:
      input->data[at] = byte;
      break;
    case 2:
      g_byte_array_append (input, &byte, 1);
      memmove (input->data + at + 1, input->data + at, input->len - at - 1);
      input->data[at] = byte;
      break;
    case 3:
      g_byte_array_remove_range (input, at, 1 + g_rand_int (rand) % (input->len - at));
      break;
    case 4:
      repeat_range (rand, input);
      break;
    default:
      splice (rand, input, seeds);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) seeds = argc > 1 ? read_seeds (argv[1]) : NULL;
  guint n_mutations = argc > 2 ? strtoul (argv[2], NULL, 10) : DEFAULT_MUTATIONS;
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261121);

  if (seeds == NULL || seeds->len == 0)
    {
      fprintf (stderr, "Usage: %s SEEDS [MUTATIONS], with at least one file in SEEDS\n", argv[0]);
      return 2;
    }

  run ((const guint8 *) "", 0);
  for (guint i = 0; i < seeds->len; i++)
    {
      GBytes *seed = g_ptr_array_index (seeds, i);

      run (g_bytes_get_data (seed, NULL), g_bytes_get_size (seed));
    }

  for (guint i = 0; i < n_mutations; i++)
    {
      GBytes *seed = g_ptr_array_index (seeds, i % seeds->len);
      g_autoptr (GByteArray) input = g_byte_array_new ();

      g_byte_array_append (input, g_bytes_get_data (seed, NULL), g_bytes_get_size (seed));
      for (int n = g_rand_int_range (rand, 1, 5); n > 0; n--)
        mutate (rand, input, seeds);
      run (input->data, input->len);
    }

  printf ("%u seeds and %u mutations\n", seeds->len, n_mutations);
  return 0;
}
