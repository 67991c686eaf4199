/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a path to an operation of the contract. Pure; any thread. */
#include <string.h>

#include "base/schema.h"
#include "http/router.h"

/* Compares @path with @pattern segment by segment and collects what stands for {parameters}. */
static gboolean
matches (const char *pattern, const char *path, GPtrArray *values)
{
  g_ptr_array_set_size (values, 0);

  while (*pattern != '\0' && *path != '\0')
    {
      if (*pattern == '{')
        {
          gsize length = strcspn (path, "/");
          g_autofree char *value = g_uri_unescape_segment (path, path + length, "/");

          if (length == 0 || value == NULL || !g_utf8_validate (value, -1, NULL))
            return FALSE;

          g_ptr_array_add (values, g_steal_pointer (&value));
          path += length;
          pattern = strchr (pattern, '}') + 1;
        }
      else if (*pattern++ != *path++)
        {
          return FALSE;
        }
    }

  return *pattern == '\0' && *path == '\0';
}

const GrContractRoute *
gr_router_match (const char *method, const char *path, char ***values, gboolean *other_method)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);

  *other_method = FALSE;

  for (guint i = 0; i < GR_N_OPERATIONS; i++)
    {
      const GrContractRoute *route = &gr_contract_routes[i];

      if (!matches (route->path, path, found))
        continue;

      if (!g_str_equal (route->method, method))
        {
          *other_method = TRUE;
          continue;
        }

      g_ptr_array_add (found, NULL);
      *values = (char **) g_ptr_array_free (g_steal_pointer (&found), FALSE);
      return route;
    }

  return NULL;
}
