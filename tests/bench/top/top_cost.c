// SPDX-License-Identifier: GPL-2.0
/*
 * What a refresh of ccwtop costs where many subchannels are active:
 *
 *     top-cost SUBCHANNELS I/OS ROUNDS ccwtop [OPTION]...
 *
 * Runs the command on a terminal of its own, waits for its map ccw_lat, and once a second adds I/Os
 * to each of so many subchannels in there, as its BPF programs would: ccwtop cannot tell. No
 * emulator has so many devices. Prints "cpu NS" a refresh (user and system; on a kernel whose time
 * counts instructions, these), "rss KIB" and "anon KIB" at the end.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bpf/ccwlat.h"
#include "trace/ccw_stat.h"

#define WARM_UP 3 /* rounds: buffers grow */

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* The newest map that is one; -1: there is none. */
static int find_map(void)
{
	uint32_t id = 0;
	int found = -1;

	while (!bpf_map_get_next_id(id, &id)) {
		struct bpf_map_info info = { 0 };
		uint32_t len = sizeof(info);
		int fd = bpf_map_get_fd_by_id(id);

		if (fd < 0)
			continue;
		if (!bpf_obj_get_info_by_fd(fd, &info, &len) && !strcmp(info.name, "ccw_lat") &&
		    info.value_size == sizeof(struct ccwlat)) {
			if (found >= 0)
				close(found);
			found = fd;
		} else {
			close(fd);
		}
	}
	return found;
}

static uint32_t random32(void)
{
	static uint64_t x = 88172645463325252ULL;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

/* Around a middle of a few microseconds to a millisecond, from half of it to twice as much. */
static uint64_t varied(uint64_t middle)
{
	return middle / 2 + middle * (random32() & 1023) * 3 / 2048;
}

static void add_io(struct ccwlat *l, uint32_t key)
{
	static const uint64_t middle[CCWLAT_TOTAL] = { 4000, 9000, 400000, 6000 };
	uint64_t total = 0, ns;
	unsigned int s;

	for (s = 0; s < CCWLAT_TOTAL; s++) {
		ns = varied(middle[s] + key % 7 * middle[s] / 4);
		total += ns;
		l->sum_ns[s] += ns;
		l->hist[s][ccw_hist_bucket(ns)]++;
	}
	l->hist[CCWLAT_TOTAL][ccw_hist_bucket(total)]++;
	if (total > l->max_ns)
		l->max_ns = total;
	if (random32() % 100)
		l->usual++;
	else
		l->result[VFIO_CCW_IO_UNIT_CHECK]++;
	l->bytes += 4096;
	l->ccws += 3;
	l->segments++;
	l->idaws += 1;
	l->pages += 1;
	l->irqs++;
}

static void fill(int map, struct ccwlat *all, uint32_t subchannels, unsigned int ios)
{
	uint32_t key;
	unsigned int i;

	for (key = 0; key < subchannels; key++) {
		for (i = 0; i < ios; i++)
			add_io(&all[key], key);
		if (bpf_map_update_elem(map, &key, &all[key], BPF_ANY))
			die("ccw_lat");
	}
}

static uint64_t cpu_ns(pid_t pid)
{
	unsigned long long ns = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	f = fopen(path, "re");
	if (!f || fscanf(f, "%llu", &ns) != 1)
		die(path);
	fclose(f);
	return ns;
}

static void print_memory(pid_t pid)
{
	char path[64], line[128];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, "VmHWM:", 6))
			printf("rss %lu\n", strtoul(line + 6, NULL, 10));
		if (!strncmp(line, "RssAnon:", 8))
			printf("anon %lu\n", strtoul(line + 8, NULL, 10));
	}
	fclose(f);
}

/* Of the CPU time, what was the kernel's, in ticks. */
static unsigned long kernel_ticks(pid_t pid)
{
	unsigned long ticks = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (!f || fscanf(f, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %lu",
			 &ticks) != 1)
		die(path);
	fclose(f);
	return ticks;
}

/* Takes what is drawn until then. false: the terminal is gone. */
static bool drain(int terminal, uint64_t until, FILE *screen)
{
	struct pollfd p = { .fd = terminal, .events = POLLIN };
	char buf[4096];
	uint64_t now;

	while ((now = now_ns()) < until) {
		if (poll(&p, 1, (until - now) / 1000000 + 1) > 0) {
			ssize_t n = read(terminal, buf, sizeof(buf));

			if (n <= 0)
				return false;
			if (screen)
				fwrite(buf, 1, n, screen);
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 60, .ws_col = 200 };
	uint64_t next, before = 0;
	unsigned long ticks = 0;
	unsigned int subchannels, ios, rounds, i;
	int terminal, map = -1, tries;
	struct ccwlat *all;
	FILE *screen;
	pid_t pid;

	if (argc < 5) {
		fprintf(stderr, "usage: top-cost SUBCHANNELS I/OS ROUNDS COMMAND...\n");
		return 2;
	}
	subchannels = atoi(argv[1]);
	ios = atoi(argv[2]);
	rounds = atoi(argv[3]);
	all = calloc(subchannels, sizeof(*all));
	if (!all || !rounds)
		die("calloc");
	pid = forkpty(&terminal, NULL, NULL, &size);
	if (pid < 0)
		die("forkpty");
	if (!pid) {
		setenv("TERM", "xterm", 1);
		execvp(argv[4], argv + 4);
		die(argv[4]);
	}
	screen = getenv("SCREEN") ? fopen(getenv("SCREEN"), "we") : NULL;
	for (tries = 0; map < 0 && tries < 600; tries++) {
		if (!drain(terminal, now_ns() + 100000000, screen))
			die("the terminal");
		map = find_map();
	}
	if (map < 0)
		die("no map ccw_lat");
	next = now_ns();
	for (i = 0; i < WARM_UP + rounds; i++) {
		if (i == WARM_UP) {
			before = cpu_ns(pid);
			ticks = kernel_ticks(pid);
		}
		fill(map, all, subchannels, ios);
		next += 1000000000;
		if (!drain(terminal, next, screen))
			die("the terminal");
	}
	printf("cpu %llu\n", (unsigned long long)(cpu_ns(pid) - before) / rounds);
	printf("of that kernel %llu\n", (kernel_ticks(pid) - ticks) * 1000000000ULL /
	       sysconf(_SC_CLK_TCK) / rounds);
	print_memory(pid);
	if (write(terminal, "q", 1) != 1)
		die("the terminal");
	drain(terminal, now_ns() + 2000000000, screen);
	if (kill(pid, 0))
		return 1;
	kill(pid, SIGTERM);
	return waitpid(pid, NULL, 0) == pid ? 0 : 1;
}
