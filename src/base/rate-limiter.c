/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/rate-limiter.h"

typedef struct
{
  char *key;
  double tokens;
  gint64 updated; /* microseconds */
  GList link;     /* in GrRateLimiter.recent */
} Bucket;

struct _GrRateLimiter
{
  double per_second;
  double burst;
  guint max_keys;

  GMutex lock;         /* taken alone; guards the two below */
  GHashTable *buckets; /* by key, owns them */
  GQueue recent;       /* most recently used first */
};

static void
bucket_free (gpointer data)
{
  Bucket *bucket = data;

  g_free (bucket->key);
  g_free (bucket);
}

static void
forget_oldest (GrRateLimiter *limiter)
{
  Bucket *bucket = g_queue_peek_tail (&limiter->recent);

  g_queue_unlink (&limiter->recent, &bucket->link);
  g_hash_table_remove (limiter->buckets, bucket->key);
}

/* The bucket of @key with what has dripped in until @now, as the most recently used. */
static Bucket *
refill (GrRateLimiter *limiter, const char *key, gint64 now)
{
  Bucket *bucket = g_hash_table_lookup (limiter->buckets, key);

  if (bucket == NULL)
    {
      if (g_hash_table_size (limiter->buckets) >= limiter->max_keys)
        forget_oldest (limiter);

      bucket = g_new0 (Bucket, 1);
      *bucket = (Bucket){ .key = g_strdup (key), .tokens = limiter->burst, .updated = now, .link.data = bucket };
      g_hash_table_insert (limiter->buckets, bucket->key, bucket);
    }
  else
    g_queue_unlink (&limiter->recent, &bucket->link);

  g_queue_push_head_link (&limiter->recent, &bucket->link);

  if (now > bucket->updated)
    {
      double dripped = (double) (now - bucket->updated) / G_USEC_PER_SEC * limiter->per_second;

      bucket->tokens = MIN (limiter->burst, bucket->tokens + dripped);
      bucket->updated = now;
    }

  return bucket;
}

GrRateLimiter *
gr_rate_limiter_new (double per_second, double burst, guint max_keys)
{
  GrRateLimiter *limiter;

  g_return_val_if_fail (per_second > 0 && burst >= 1 && max_keys > 0, NULL);

  limiter = g_new0 (GrRateLimiter, 1);
  limiter->per_second = per_second;
  limiter->burst = burst;
  limiter->max_keys = max_keys;
  g_mutex_init (&limiter->lock);
  limiter->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, bucket_free);
  g_queue_init (&limiter->recent);
  return limiter;
}

void
gr_rate_limiter_free (GrRateLimiter *limiter)
{
  g_hash_table_unref (limiter->buckets);
  g_mutex_clear (&limiter->lock);
  g_free (limiter);
}

gboolean
gr_rate_limiter_take (GrRateLimiter *limiter, const char *key, gint64 now, double *retry_after_seconds)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&limiter->lock);
  Bucket *bucket = refill (limiter, key, now);

  if (bucket->tokens < 1)
    {
      if (retry_after_seconds != NULL)
        *retry_after_seconds = (1 - bucket->tokens) / limiter->per_second;
      return FALSE;
    }

  bucket->tokens -= 1;
  return TRUE;
}

guint
gr_rate_limiter_get_n_keys (GrRateLimiter *limiter)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&limiter->lock);

  return g_hash_table_size (limiter->buckets);
}
