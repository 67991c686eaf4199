/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Preloaded into a process: its wall clock is off by the seconds in the file that WALL_CLOCK names (a gint64, mapped,
 * so that whoever started the process may change it while it runs). The monotonic clock stays as it is. Any thread. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime (clockid_t clock, struct timespec *now);
int gettimeofday (struct timeval *restrict now, void *restrict zone);
time_t time (time_t *now);

static const int64_t *ahead;

__attribute__ ((constructor)) static void
map_offset (void)
{
  const char *path = getenv ("WALL_CLOCK");
  int fd = path != NULL ? open (path, O_RDONLY | O_CLOEXEC) : -1;
  void *mapped = fd >= 0 ? mmap (NULL, sizeof *ahead, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;

  if (fd >= 0)
    close (fd);
  if (mapped != MAP_FAILED)
    ahead = mapped;
}

int
clock_gettime (clockid_t clock, struct timespec *now)
{
  int result = syscall (SYS_clock_gettime, clock, now);

  if (result == 0 && ahead != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec += __atomic_load_n (ahead, __ATOMIC_SEQ_CST);
  return result;
}

int
gettimeofday (struct timeval *restrict now, void *restrict zone)
{
  struct timespec time_of_day;

  clock_gettime (CLOCK_REALTIME, &time_of_day);
  *now = (struct timeval){ time_of_day.tv_sec, time_of_day.tv_nsec / 1000 };
  return 0;
}

time_t
time (time_t *now)
{
  struct timespec time_of_day;

  clock_gettime (CLOCK_REALTIME, &time_of_day);
  if (now != NULL)
    *now = time_of_day.tv_sec;
  return time_of_day.tv_sec;
}
