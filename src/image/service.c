/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/service.h"

#include <gio/gunixfdlist.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "image-dbus.h"
#include "image/prepare.h"

#define PATH "/org/greenroom/Image1"
#define MAX_WISHES 8

typedef struct
{
  GrPictureWish wishes[MAX_WISHES];
  guint n_wishes;
} Order;

typedef struct
{
  void *bytes;
  gsize length;
} Mapping;

static void
order_clear (Order *order)
{
  for (guint i = 0; i < order->n_wishes; i++)
    close (order->wishes[i].fd);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, order_clear)

static void
unmap (gpointer data)
{
  Mapping *mapping = data;

  munmap (mapping->bytes, mapping->length);
  g_free (mapping);
}

/* The file behind @handle. greenroomd has sealed it, so it stays as long as it is. */
static GBytes *
map_source (GUnixFDList *fds, gint handle, GError **error)
{
  int fd = g_unix_fd_list_get (fds, handle, error);
  Mapping mapping = { 0 };
  struct stat status;

  if (fd < 0)
    return NULL;

  if (fstat (fd, &status) == 0 && status.st_size > 0)
    {
      mapping.length = status.st_size;
      mapping.bytes = mmap (NULL, mapping.length, PROT_READ, MAP_PRIVATE, fd, 0);
    }
  close (fd);

  if (mapping.length == 0 || mapping.bytes == MAP_FAILED)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "file", "This file is empty");
      return NULL;
    }

  return g_bytes_new_with_free_func (mapping.bytes, mapping.length, unmap, g_memdup2 (&mapping, sizeof mapping));
}

static gboolean
read_order (GUnixFDList *fds, GVariant *wishes, Order *order, GError **error)
{
  GVariantIter iter;
  guint box;
  const char *format;
  gint handle;

  g_variant_iter_init (&iter, wishes);
  while (g_variant_iter_next (&iter, "(u&sh)", &box, &format, &handle))
    {
      GrPictureFormat as = g_str_equal (format, "png") ? GR_PICTURE_AS_PNG : GR_PICTURE_AS_WEBP;
      int fd = order->n_wishes < MAX_WISHES ? g_unix_fd_list_get (fds, handle, error) : -1;

      if (fd < 0)
        {
          if (error != NULL && *error == NULL)
            gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "More than %d wishes", MAX_WISHES);
          return FALSE;
        }

      order->wishes[order->n_wishes++] = (GrPictureWish){ .box = box, .format = as, .fd = fd };
    }

  return TRUE;
}

static GVariant *
describe (const Order *order)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(uut)"));

  for (guint i = 0; i < order->n_wishes; i++)
    g_variant_builder_add (&builder, "(uut)", order->wishes[i].width, order->wishes[i].height,
                           (guint64) order->wishes[i].bytes);

  return g_variant_builder_end (&builder);
}

static gboolean
prepare (GUnixFDList *fds, GVariant *source, GVariant *wishes, Order *order, GrPictureFacts *facts, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (fds == NULL)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "No descriptors came");
      return FALSE;
    }

  bytes = map_source (fds, g_variant_get_handle (source), error);

  return bytes != NULL && read_order (fds, wishes, order, error)
         && gr_picture_prepare (bytes, order->wishes, order->n_wishes, facts, error);
}

static gboolean
on_prepare (GrImageDBusPreparer *face,
            GDBusMethodInvocation *invocation,
            GUnixFDList *fds,
            GVariant *source,
            GVariant *wishes,
            gpointer user_data)
{
  g_auto (Order) order = { 0 };
  g_autoptr (GError) error = NULL;
  GrPictureFacts facts;

  if (prepare (fds, source, wishes, &order, &facts, &error))
    gr_image_dbus_preparer_complete_prepare (face, invocation, NULL, facts.width, facts.height, facts.alpha,
                                             describe (&order));
  else
    g_dbus_method_invocation_return_dbus_error (invocation, gr_error_traits (error)->dbus_name, error->message);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

GDBusInterfaceSkeleton *
gr_image_service_export (GDBusConnection *connection, GError **error)
{
  g_autoptr (GrImageDBusPreparer) face = gr_image_dbus_preparer_skeleton_new ();

  g_signal_connect (face, "handle-prepare", G_CALLBACK (on_prepare), NULL);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (face), connection, PATH, error))
    return NULL;

  return G_DBUS_INTERFACE_SKELETON (g_steal_pointer (&face));
}
