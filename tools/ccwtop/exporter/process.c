// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tools/ccwtop/exporter/process.h"

#define NSEC_PER_SEC 1000000000ULL

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

static void read_memory(struct exp_process *p)
{
	unsigned long long total, resident;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	char text[128];
	ssize_t n;

	p->virtual_bytes = p->resident_bytes = 0;
	if (fd < 0)
		return;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return;
	text[n] = '\0';
	if (sscanf(text, "%llu %llu", &total, &resident) == 2) {
		p->virtual_bytes = total * sysconf(_SC_PAGESIZE);
		p->resident_bytes = resident * sysconf(_SC_PAGESIZE);
	}
}

static uint64_t count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	uint64_t n = 0;

	if (!dir)
		return 0;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n > 3 ? n - 3 : 0; /* ".", "..", and the directory itself */
}

void exp_process_start(struct exp_process *p)
{
	p->started_ns = clock_ns(CLOCK_REALTIME);
}

void exp_process_read(struct exp_process *p)
{
	struct rlimit limit;

	p->cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	read_memory(p);
	p->open_fds = count_fds();
	p->max_fds = getrlimit(RLIMIT_NOFILE, &limit) ? 0 : limit.rlim_cur;
}
