/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/metrics.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"

#define BOUNDS_MAX 24
#define SUM_SCALE 1e6

typedef enum
{
  KIND_COUNTER,
  KIND_GAUGE,
  KIND_HISTOGRAM,
} MetricKind;

static const char *const kind_names[] = { "counter", "gauge", "histogram" };

struct _GrMetric
{
  char *labels; /* without braces; "" for none */
  double bounds[BOUNDS_MAX];
  guint n_bounds;

  /* Changed with atomics, read without a lock. */
  gint64 value;                   /* counter, gauge; a histogram's count */
  gint64 sum;                     /* histogram, in millionths */
  gint64 buckets[BOUNDS_MAX + 1]; /* histogram, not cumulative */
};

/* All metrics of one name. */
typedef struct
{
  char *name;
  char *help;
  MetricKind kind;
  GPtrArray *metrics;
} Family;

const double gr_metrics_latency_bounds[]
    = { 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0 };
const guint gr_metrics_n_latency_bounds = G_N_ELEMENTS (gr_metrics_latency_bounds);

static GMutex lock;         /* taken alone; guards registration and its reading */
static GPtrArray *families; /* in the order of registration, for the life of the process */

static Family *
find_family (const char *name, const char *help, MetricKind kind)
{
  Family *family;

  if (families == NULL)
    families = g_ptr_array_new ();

  for (guint i = 0; i < families->len; i++)
    {
      family = g_ptr_array_index (families, i);
      if (g_str_equal (family->name, name))
        {
          g_assert (family->kind == kind);
          return family;
        }
    }

  family = g_new0 (Family, 1);
  family->name = g_strdup (name);
  family->help = g_strdup (help);
  family->kind = kind;
  family->metrics = g_ptr_array_new ();
  g_ptr_array_add (families, family);
  return family;
}

static GrMetric *
find_metric (const char *name, const char *labels, const char *help, MetricKind kind)
{
  Family *family = find_family (name, help, kind);
  GrMetric *metric;

  for (guint i = 0; i < family->metrics->len; i++)
    {
      metric = g_ptr_array_index (family->metrics, i);
      if (g_str_equal (metric->labels, labels != NULL ? labels : ""))
        return metric;
    }

  metric = g_new0 (GrMetric, 1);
  metric->labels = g_strdup (labels != NULL ? labels : "");
  g_ptr_array_add (family->metrics, metric);
  return metric;
}

static void
append_header (GString *text, const char *name, const char *help, MetricKind kind)
{
  g_string_append_printf (text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind_names[kind]);
}

static void
append_double (GString *text, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_formatd (buffer, sizeof buffer, "%.15g", value));
}

/* name{labels,extra} */
static void
append_name (GString *text, const char *name, const char *suffix, const char *labels, const char *extra)
{
  g_string_append (text, name);
  g_string_append (text, suffix);
  if (*labels != '\0' || *extra != '\0')
    g_string_append_printf (text, "{%s%s%s}", labels, *labels != '\0' && *extra != '\0' ? "," : "", extra);
  g_string_append_c (text, ' ');
}

static void
append_value (GString *text, const char *name, GrMetric *metric)
{
  append_name (text, name, "", metric->labels, "");
  g_string_append_printf (text, "%" G_GINT64_FORMAT, gr_metric_get (metric));
  g_string_append_c (text, '\n');
}

static void
append_histogram (GString *text, const char *name, GrMetric *metric)
{
  gint64 cumulative = 0;

  for (guint i = 0; i <= metric->n_bounds; i++)
    {
      char bound[G_ASCII_DTOSTR_BUF_SIZE] = "+Inf";
      char label[G_ASCII_DTOSTR_BUF_SIZE + 8];

      if (i < metric->n_bounds)
        g_ascii_formatd (bound, sizeof bound, "%.15g", metric->bounds[i]);
      g_snprintf (label, sizeof label, "le=\"%s\"", bound);

      cumulative += __atomic_load_n (&metric->buckets[i], __ATOMIC_RELAXED);
      append_name (text, name, "_bucket", metric->labels, label);
      g_string_append_printf (text, "%" G_GINT64_FORMAT "\n", cumulative);
    }

  append_name (text, name, "_sum", metric->labels, "");
  append_double (text, __atomic_load_n (&metric->sum, __ATOMIC_RELAXED) / SUM_SCALE);
  g_string_append_c (text, '\n');

  /* The sum of the buckets just read, so that count and +Inf agree whatever other threads do meanwhile. */
  append_name (text, name, "_count", metric->labels, "");
  g_string_append_printf (text, "%" G_GINT64_FORMAT "\n", cumulative);
}

static double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static double
resident_bytes (void)
{
  g_autofree char *text = NULL;
  guint64 pages = 0;

  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    sscanf (text, "%*u %" G_GUINT64_FORMAT, &pages);

  return (double) pages * sysconf (_SC_PAGESIZE);
}

static double
open_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  double n = -1; /* the one that reads the directory */

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return MAX (n, 0);
}

static double
start_time (void)
{
  g_autofree char *text = NULL;
  guint64 ticks = 0;
  struct timespec uptime;

  /* Field 22 is the start in clock ticks since boot; the command before it may hold anything but ends with ")". */
  if (!g_file_get_contents ("/proc/self/stat", &text, NULL, NULL) || strrchr (text, ')') == NULL)
    return 0;
  sscanf (strrchr (text, ')') + 1,
          " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %" G_GUINT64_FORMAT, &ticks);

  clock_gettime (CLOCK_BOOTTIME, &uptime);
  return (double) g_get_real_time () / G_USEC_PER_SEC - uptime.tv_sec - uptime.tv_nsec / 1e9
         + (double) ticks / sysconf (_SC_CLK_TCK);
}

static void
append_process (GString *text)
{
  static const struct
  {
    const char *name, *help;
    MetricKind kind;
    double (*read) (void);
  } figures[] = {
    { "process_cpu_seconds_total", "User and system CPU time in seconds.", KIND_COUNTER, cpu_seconds },
    { "process_resident_memory_bytes", "Resident memory in bytes.", KIND_GAUGE, resident_bytes },
    { "process_open_fds", "Open file descriptors.", KIND_GAUGE, open_fds },
    { "process_start_time_seconds", "Start of the process in seconds since 1970.", KIND_GAUGE, start_time },
  };

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      append_header (text, figures[i].name, figures[i].help, figures[i].kind);
      append_name (text, figures[i].name, "", "", "");
      append_double (text, figures[i].read ());
      g_string_append_c (text, '\n');
    }
}

GrMetric *
gr_metrics_counter (const char *name, const char *labels, const char *help)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  return find_metric (name, labels, help, KIND_COUNTER);
}

GrMetric *
gr_metrics_gauge (const char *name, const char *labels, const char *help)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  return find_metric (name, labels, help, KIND_GAUGE);
}

GrMetric *
gr_metrics_histogram (const char *name, const char *labels, const char *help, const double *bounds, guint n_bounds)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  GrMetric *metric = find_metric (name, labels, help, KIND_HISTOGRAM);

  g_assert (n_bounds <= BOUNDS_MAX);
  if (metric->n_bounds == 0)
    {
      memcpy (metric->bounds, bounds, n_bounds * sizeof *bounds);
      metric->n_bounds = n_bounds;
    }

  return metric;
}

void
gr_metric_add (GrMetric *metric, gint64 amount)
{
  __atomic_fetch_add (&metric->value, amount, __ATOMIC_RELAXED);
}

void
gr_metric_set (GrMetric *metric, gint64 value)
{
  __atomic_store_n (&metric->value, value, __ATOMIC_RELAXED);
}

gint64
gr_metric_get (GrMetric *metric)
{
  return __atomic_load_n (&metric->value, __ATOMIC_RELAXED);
}

void
gr_metric_observe (GrMetric *metric, double value)
{
  guint i = 0;

  while (i < metric->n_bounds && value > metric->bounds[i])
    i++;

  __atomic_fetch_add (&metric->buckets[i], 1, __ATOMIC_RELAXED);
  __atomic_fetch_add (&metric->sum, (gint64) (value * SUM_SCALE), __ATOMIC_RELAXED);
  __atomic_fetch_add (&metric->value, 1, __ATOMIC_RELAXED);
}

char *
gr_metrics_text (void)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  GString *text = g_string_new (NULL);

  for (guint i = 0; families != NULL && i < families->len; i++)
    {
      Family *family = g_ptr_array_index (families, i);

      append_header (text, family->name, family->help, family->kind);
      for (guint j = 0; j < family->metrics->len; j++)
        {
          GrMetric *metric = g_ptr_array_index (family->metrics, j);

          if (family->kind == KIND_HISTOGRAM)
            append_histogram (text, family->name, metric);
          else
            append_value (text, family->name, metric);
        }
    }

  append_process (text);
  return g_string_free (text, FALSE);
}
