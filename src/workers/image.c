/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memfd_create */
#define GR_LOG_TOPIC "workers"

#include "workers/image.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "workers/remote-error.h"

#define PATH "/org/greenroom/Image1"
#define CHILD_FD 3

/* Of one version; the worker's own limit says the same. */
#define MAX_FILE_BYTES (32 * 1024 * 1024)
#define MAX_VERSIONS 4

struct _GrImageWorker
{
  GObject parent;

  char *program;
  guint timeout_ms;
  GCancellable *stopped;
};

/* One picture on its way. */
typedef struct
{
  GSubprocess *process;
  GDBusConnection *connection;
  GUnixFDList *fds;
  int outs[MAX_VERSIONS]; /* borrowed from fds by handle */
  gint boxes[MAX_VERSIONS];
  guint n_outs;
} Errand;

static void maker_init (GrPictureMakerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GrImageWorker,
                               gr_image_worker,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GR_TYPE_PICTURE_MAKER, maker_init))

/* It ends by itself when the connection does; whatever it is busy with, there is nothing left to wait for. */
static void
errand_clear (Errand *errand)
{
  if (errand->connection != NULL)
    g_dbus_connection_close_sync (errand->connection, NULL, NULL);
  if (errand->process != NULL)
    {
      g_subprocess_force_exit (errand->process);
      g_subprocess_wait (errand->process, NULL, NULL);
    }
  g_clear_object (&errand->connection);
  g_clear_object (&errand->process);
  g_clear_object (&errand->fds);
  for (guint i = 0; i < errand->n_outs; i++)
    close (errand->outs[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Errand, errand_clear)

static gboolean
fail (GError **error)
{
  gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The picture could not be prepared just now; try again");
  return FALSE;
}

static gboolean
write_all (int fd, const guint8 *bytes, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, bytes, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;

      bytes += written;
      length -= written;
    }

  return TRUE;
}

/* The source as a file of memory that nobody can change any more, so that the worker may map it. */
static int
make_source (GBytes *source)
{
  int fd = memfd_create ("greenroom-picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (source, &length);

  if (fd >= 0 && write_all (fd, bytes, length)
      && fcntl (fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0)
    return fd;

  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
add_wish (Errand *errand, GVariantBuilder *wishes, gint box)
{
  gboolean studio = box == GR_PICTURE_STUDIO;
  int fd = memfd_create ("greenroom-version", MFD_CLOEXEC);
  gint handle;

  if (fd < 0)
    return FALSE;

  errand->boxes[errand->n_outs] = box;
  errand->outs[errand->n_outs++] = fd;
  handle = g_unix_fd_list_append (errand->fds, fd, NULL);
  g_variant_builder_add (wishes, "(ush)", studio ? GR_PICTURE_STUDIO_BOX : box, studio ? "png" : "webp", handle);

  return handle >= 0;
}

/* The call's arguments, with the files behind them in the errand; NULL when there are no descriptors left. */
static GVariant *
describe (Errand *errand, GBytes *source)
{
  g_auto (GVariantBuilder) wishes = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ush)"));
  int fd = make_source (source);
  gint handle = -1;

  errand->fds = g_unix_fd_list_new ();
  if (fd >= 0)
    {
      handle = g_unix_fd_list_append (errand->fds, fd, NULL);
      close (fd);
    }
  if (handle < 0)
    return NULL;

  for (guint i = 0; i < gr_n_picture_boxes; i++)
    if (!add_wish (errand, &wishes, gr_picture_boxes[i]))
      return NULL;
  if (!add_wish (errand, &wishes, GR_PICTURE_STUDIO))
    return NULL;

  return g_variant_ref_sink (g_variant_new ("(ha(ush))", handle, &wishes));
}

/* A worker with its end of a socketpair and nothing else: our environment may hold a database's password. */
static gboolean
start (GrImageWorker *worker, Errand *errand, GError **error)
{
  static const char *const environment[] = { "LC_ALL=C.UTF-8", "MALLOC_ARENA_MAX=1", NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) stream = NULL;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "no descriptors are left");
      return FALSE;
    }

  g_subprocess_launcher_take_fd (launcher, ends[1], CHILD_FD);
  g_subprocess_launcher_set_environ (launcher, (char **) environment);
  g_subprocess_launcher_set_cwd (launcher, "/");
  socket = g_socket_new_from_fd (ends[0], NULL);
  stream = g_socket_connection_factory_create_connection (socket);
  errand->process
      = g_subprocess_launcher_spawn (launcher, error, worker->program, "--fd", G_STRINGIFY (CHILD_FD), NULL);
  /* Our copy of its end goes, so that a worker that dies is seen to. */
  g_subprocess_launcher_close (launcher);
  if (errand->process == NULL)
    return FALSE;

  g_socket_set_timeout (socket, worker->timeout_ms / 1000 + 1);
  errand->connection
      = g_dbus_connection_new_sync (G_IO_STREAM (stream), NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL,
                                    worker->stopped, error);

  return errand->connection != NULL;
}

/* What went wrong, in words for who sent the picture. */
static gboolean
explain (Errand *errand, const GError *remote, GError **error)
{
  if (gr_remote_error_translate (remote, "file", error))
    {
      /* It means something else here: our own mistake. */
      if (error == NULL || !g_error_matches (*error, GR_ERROR, GR_ERROR_INTERNAL))
        return FALSE;
      g_clear_error (error);
    }

  gr_warning ("greenroom-image failed: %s", remote->message);
  if (errand->process == NULL)
    return fail (error);

  /* The kernel ends it past its seconds of work, which no honest picture takes. */
  g_subprocess_force_exit (errand->process);
  g_subprocess_wait (errand->process, NULL, NULL);
  if (g_subprocess_get_if_signaled (errand->process) && g_subprocess_get_term_sig (errand->process) == SIGXCPU)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "file", "This picture takes too much work to read");
      return FALSE;
    }

  return fail (error);
}

static GBytes *
read_file (int fd)
{
  g_autofree guint8 *bytes = NULL;
  struct stat status;
  gsize length = 0;

  if (fstat (fd, &status) < 0 || status.st_size <= 0 || status.st_size > MAX_FILE_BYTES)
    return NULL;

  bytes = g_malloc (status.st_size);
  while (length < (gsize) status.st_size)
    {
      gssize got = pread (fd, bytes + length, status.st_size - length, length);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return NULL;
      length += got;
    }

  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

/* What it says it made is believed as far as the files bear it out. */
static GPtrArray *
collect (Errand *errand, GVariant *made, GrPicture *picture)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (g_variant_n_children (made) != errand->n_outs)
    return NULL;

  for (guint i = 0; i < errand->n_outs; i++)
    {
      GrPictureVersion version = { .box = errand->boxes[i] };
      guint width, height;
      guint64 bytes;
      GBytes *file;

      g_variant_get_child (made, i, "(uut)", &width, &height, &bytes);
      if (bytes == 0)
        continue;

      file = read_file (errand->outs[i]);
      if (file == NULL)
        return NULL;

      version.width = width;
      version.height = height;
      version.bytes = g_bytes_get_size (file);
      g_ptr_array_add (files, file);
      g_array_append_val (picture->versions, version);
    }

  return gr_picture_get_version (picture, GR_PICTURE_STUDIO_BOX) != NULL ? g_steal_pointer (&files) : NULL;
}

static GPtrArray *
make (GrPictureMaker *maker, GBytes *source, GrPicture *picture, GError **error)
{
  GrImageWorker *worker = GR_IMAGE_WORKER (maker);
  g_auto (Errand) errand = { 0 };
  g_autoptr (GVariant) arguments = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) made = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GError) remote = NULL;
  guint width, height;

  if (worker->program[0] == '\0')
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "This server takes no pictures");
      return NULL;
    }

  arguments = describe (&errand, source);
  if (arguments != NULL && start (worker, &errand, &remote))
    reply
        = g_dbus_connection_call_with_unix_fd_list_sync (errand.connection, NULL, PATH, "org.greenroom.Image1.Preparer",
                                                         "Prepare", arguments, G_VARIANT_TYPE ("(uuba(uut))"),
                                                         G_DBUS_CALL_FLAGS_NONE, worker->timeout_ms, errand.fds, NULL,
                                                         worker->stopped, &remote);

  if (reply == NULL)
    {
      if (remote != NULL)
        explain (&errand, remote, error);
      else
        fail (error);
      return NULL;
    }

  g_variant_get (reply, "(uub@a(uut))", &width, &height, &picture->alpha, &made);
  picture->width = width;
  picture->height = height;
  files = collect (&errand, made, picture);
  if (files == NULL)
    fail (error);

  return g_steal_pointer (&files);
}

static void
maker_init (GrPictureMakerInterface *iface)
{
  iface->make = make;
}

static void
gr_image_worker_finalize (GObject *object)
{
  GrImageWorker *worker = GR_IMAGE_WORKER (object);

  g_free (worker->program);
  g_object_unref (worker->stopped);

  G_OBJECT_CLASS (gr_image_worker_parent_class)->finalize (object);
}

static void
gr_image_worker_class_init (GrImageWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_image_worker_finalize;
}

static void
gr_image_worker_init (GrImageWorker *worker)
{
  worker->stopped = g_cancellable_new ();
}

GrImageWorker *
gr_image_worker_new (GrConfig *config)
{
  GrImageWorker *worker = g_object_new (GR_TYPE_IMAGE_WORKER, NULL);

  worker->program = g_strdup (gr_config_get_string (config, "pictures", "program"));
  worker->timeout_ms = gr_config_get_int (config, "pictures", "seconds") * 1000;

  return worker;
}

void
gr_image_worker_stop (GrImageWorker *worker)
{
  g_cancellable_cancel (worker->stopped);
}
