/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "names.h"

#include <string.h>

#define GR_TYPE_NAMES (names_get_type ())
G_DECLARE_FINAL_TYPE (Names, names, GR, NAMES, GResolver)

struct _Names
{
  GResolver parent;

  GResolver *before;
  char *name;
  const char *answers[2];
  gint count; /* atomic: lookups come from threads */
};

G_DEFINE_FINAL_TYPE (Names, names, G_TYPE_RESOLVER)

static Names *installed;

static GList *
answer (Names *names)
{
  gint n = g_atomic_int_add (&names->count, 1);

  return g_list_append (NULL, g_inet_address_new_from_string (names->answers[MIN (n, 1)]));
}

static GList *
look_up (GResolver *resolver, const char *name, GCancellable *cancellable, GError **error)
{
  Names *names = GR_NAMES (resolver);

  return g_str_equal (name, names->name) ? answer (names)
                                         : g_resolver_lookup_by_name (names->before, name, cancellable, error);
}

static GList *
look_up_with_flags (
    GResolver *resolver, const char *name, GResolverNameLookupFlags flags, GCancellable *cancellable, GError **error)
{
  Names *names = GR_NAMES (resolver);

  if (!g_str_equal (name, names->name))
    return g_resolver_lookup_by_name_with_flags (names->before, name, flags, cancellable, error);
  if ((flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY) == 0)
    return answer (names);

  g_set_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "It has no such address");
  return NULL;
}

static void
free_addresses (gpointer addresses)
{
  g_list_free_full (addresses, g_object_unref);
}

static void
look_up_with_flags_async (GResolver *resolver,
                          const char *name,
                          GResolverNameLookupFlags flags,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GError *error = NULL;
  GList *addresses = look_up_with_flags (resolver, name, flags, cancellable, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, addresses, free_addresses);
}

static void
look_up_async (
    GResolver *resolver, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  look_up_with_flags_async (resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback, user_data);
}

static GList *
look_up_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
names_class_init (NamesClass *class)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (class);

  resolver_class->lookup_by_name = look_up;
  resolver_class->lookup_by_name_async = look_up_async;
  resolver_class->lookup_by_name_finish = look_up_finish;
  resolver_class->lookup_by_name_with_flags = look_up_with_flags;
  resolver_class->lookup_by_name_with_flags_async = look_up_with_flags_async;
  resolver_class->lookup_by_name_with_flags_finish = look_up_finish;
}

static void
names_init (Names *names)
{
}

void
names_set (const char *name, const char *first, const char *later)
{
  if (installed == NULL)
    {
      installed = g_object_new (GR_TYPE_NAMES, NULL);
      installed->before = g_resolver_get_default ();
      g_resolver_set_default (G_RESOLVER (installed));
    }

  g_free (installed->name);
  installed->name = g_strdup (name);
  installed->answers[0] = first;
  installed->answers[1] = later;
  g_atomic_int_set (&installed->count, 0);
}

guint
names_count (void)
{
  return g_atomic_int_get (&installed->count);
}

static void openssl (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Its words are split at spaces; none has any. */
static void
openssl (const char *format, ...)
{
  g_autofree char *line = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  words = g_strsplit (line, " ", -1);
  process = g_subprocess_newv ((const char *const *) words, G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

static void
make_authority (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, "authority.pem", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return;

  openssl ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=Authority -addext "
           "keyUsage=critical,keyCertSign -keyout %s/authority.key -out %s",
           directory, path);
}

GTlsCertificate *
names_certify (const char *directory, const char *name, gboolean trusted)
{
  g_autofree char *stem = g_strdup_printf ("%s/%s-%s", directory, name, trusted ? "trusted" : "own");
  g_autofree char *extensions = g_strconcat (stem, ".ext", NULL);
  g_autofree char *certificate_path = g_strconcat (stem, ".pem", NULL);
  g_autofree char *key_path = g_strconcat (stem, ".key", NULL);
  g_autofree char *alternative = g_strdup_printf ("subjectAltName=DNS:%s\n", name);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate;

  make_authority (directory);
  g_assert_true (g_file_set_contents (extensions, alternative, -1, NULL));
  openssl ("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=%s -keyout %s -out %s.csr", name,
           key_path, stem);
  if (trusted)
    openssl ("openssl x509 -req -in %s.csr -CA %s/authority.pem -CAkey %s/authority.key -set_serial 0x%x -days 2 "
             "-extfile %s -out %s",
             stem, directory, directory, g_str_hash (name), extensions, certificate_path);
  else
    openssl ("openssl x509 -req -in %s.csr -signkey %s -days 2 -extfile %s -out %s", stem, key_path, extensions,
             certificate_path);

  certificate = g_tls_certificate_new_from_files (certificate_path, key_path, &error);
  g_assert_no_error (error);
  return certificate;
}

void
names_trust (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, "authority.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (path, &error);

  g_assert_no_error (error);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), database);
}
