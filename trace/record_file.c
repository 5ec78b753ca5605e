// SPDX-License-Identifier: GPL-2.0
/*
 * The recorder's files: one without a name per CPU, and the output, which gets its name last.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "trace/record_int.h"
#include "trace/text.h"

#define OPTION_DATE	1
#define OPTION_CPUSTAT	2
#define OPTION_CLOCK	4
#define OPTION_UNAME	5
#define OPTION_CPUCOUNT 8
#define OPTION_VERSION	9

/* Kept free for the metadata and the first copies, for the case that the disk gets full. */
#define RESERVE		(3 << 20)

static char *hidden_name(const struct ccw_record *rec)
{
	char *name;

	return asprintf(&name, "%s/.%s.XXXXXX", rec->dir, rec->base) < 0 ? NULL : name;
}

/* *name: set if the file system knows no files without one; NULL: remove that name at once. */
static int open_unnamed(const struct ccw_record *rec, char **name)
{
	int fd = open(rec->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	char *hidden;

	if (fd >= 0 ||
	    (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT && errno != EINVAL))
		return fd >= 0 ? fd : -errno;
	hidden = hidden_name(rec);
	if (!hidden)
		return -ENOMEM;
	fd = mkostemp(hidden, O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	if (fd >= 0 && name) {
		mode_t mask = umask(0);

		umask(mask);
		fchmod(fd, 0666 & ~mask);
		*name = hidden;
		return fd;
	}
	if (fd >= 0)
		unlink(hidden);
	free(hidden);
	return fd;
}

int record_open_files(struct ccw_record *rec, struct ccw_error *err)
{
	struct stat st;
	unsigned int i;
	char *copy;
	int fd;

	copy = strdup(rec->path);
	rec->dir = copy ? strdup(dirname(copy)) : NULL;
	free(copy);
	copy = strdup(rec->path);
	rec->base = copy ? strdup(basename(copy)) : NULL;
	free(copy);
	if (!rec->dir || !rec->base)
		return ccw_fail(err, -ENOMEM, "out of memory");
	if (!stat(rec->path, &st) && !S_ISREG(st.st_mode))
		return ccw_fail(err, -EINVAL, "%s: not a regular file: name a file to write (-o)",
				rec->path);
	for (i = 0; i <= rec->nr; i++) {
		fd = open_unnamed(rec, i < rec->nr ? NULL : &rec->out_name);
		if (fd < 0)
			return ccw_fail(
				err, fd,
				"cannot write to directory %s: %s (choose another file with -o)",
				rec->dir, strerror(-fd));
		if (i < rec->nr)
			rec->data[i].fd = fd;
		else
			rec->out = fd;
	}
	if (fallocate(rec->out, FALLOC_FL_KEEP_SIZE, 0, RESERVE) && errno == ENOSPC)
		return ccw_fail(err, -ENOSPC,
				"cannot write to directory %s: %s (choose another file with -o)",
				rec->dir, strerror(ENOSPC));
	return 0;
}

void record_close_files(struct ccw_record *rec)
{
	unsigned int i;

	for (i = 0; rec->data && i < rec->nr; i++) {
		if (rec->data[i].fd >= 0)
			close(rec->data[i].fd);
	}
	if (rec->out >= 0)
		close(rec->out);
	if (rec->out_name)
		unlink(rec->out_name);
	free(rec->out_name);
	free(rec->dir);
	free(rec->base);
}

/* Gives the finished output its name in one step. */
static int publish(struct ccw_record *rec)
{
	char fd_path[48];
	int tries;

	for (tries = 0; !rec->out_name && tries < 100; tries++) {
		char *name;

		if (asprintf(&name, "%s/.%s.%d-%d", rec->dir, rec->base, getpid(), tries) < 0)
			return -ENOMEM;
		snprintf(fd_path, sizeof(fd_path), "/proc/self/fd/%d", rec->out);
		if (!linkat(AT_FDCWD, fd_path, AT_FDCWD, name, AT_SYMLINK_FOLLOW)) {
			rec->out_name = name;
			break;
		}
		free(name);
		if (errno != EEXIST)
			return -errno;
	}
	if (!rec->out_name)
		return -EEXIST;
	if (fsync(rec->out) || rename(rec->out_name, rec->path))
		return -errno;
	free(rec->out_name);
	rec->out_name = NULL;
	return 0;
}

/* What to add to a time of the trace, in microseconds, to get the time of day. */
static void date_option(char *text, size_t len)
{
	struct timespec mono, real;
	long long us;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &real);
	us = (real.tv_sec - mono.tv_sec) * 1000000LL + (real.tv_nsec - mono.tv_nsec) / 1000;
	snprintf(text, len, "0x%llx", us);
}

struct options {
	struct ccw_dat_option *list;
	size_t nr;
};

static void add_option(struct options *o, uint16_t id, const void *data, size_t len)
{
	o->list[o->nr++] = (struct ccw_dat_option){ .id = id, .len = len, .data = data };
}

/* trace-cmd report --stat shows these; they tell of what was lost. */
static char *cpu_stat(struct ccw_record *rec, unsigned int i)
{
	char file[64], *text, *all = NULL;

	snprintf(file, sizeof(file), "per_cpu/cpu%u/stats", rec->cpus[i].cpu);
	text = tracefs_instance_file_read(rec->inst, file, NULL);
	if (text && asprintf(&all, "CPU: %u\n%s", rec->cpus[i].cpu, text) < 0)
		all = NULL;
	free(text);
	return all;
}

int record_write_file(struct ccw_record *rec, struct ccw_error *err)
{
	struct ccw_dat_contents c = {
		.page_size = rec->page_size,
		.header_page = rec->header_page,
		.header_event = rec->header_event,
		.events = rec->events,
		.nr_events = rec->nr_events,
		.cmdlines = rec->cmdlines ? rec->cmdlines : "",
	};
	struct options o = { 0 };
	char date[32], uts_text[320], *clock = NULL;
	struct utsname uts;
	uint32_t cpus = 0;
	unsigned int i;
	int rc, cut;

	for (i = 0; i < rec->nr; i++)
		c.nr_cpus = rec->cpus[i].cpu >= c.nr_cpus ? rec->cpus[i].cpu + 1 : c.nr_cpus;
	c.cpus = calloc(c.nr_cpus, sizeof(*c.cpus));
	o.list = calloc(rec->nr + 5, sizeof(*o.list));
	if (!c.cpus || !o.list) {
		rc = ccw_fail(err, -ENOMEM, "out of memory");
		goto out;
	}
	for (i = 0; i < rec->nr; i++) {
		c.cpus[rec->cpus[i].cpu].fd = rec->data[i].fd;
		c.cpus[rec->cpus[i].cpu].size = rec->data[i].size;
	}
	date_option(date, sizeof(date));
	add_option(&o, OPTION_DATE, date, strlen(date) + 1);
	cpus = c.nr_cpus;
	add_option(&o, OPTION_CPUCOUNT, &cpus, 4);
	uname(&uts);
	snprintf(uts_text, sizeof(uts_text), "%s %s %s %s", uts.sysname, uts.nodename, uts.release,
		 uts.machine);
	add_option(&o, OPTION_UNAME, uts_text, strlen(uts_text) + 1);
	add_option(&o, OPTION_VERSION, "ccwtrace", sizeof("ccwtrace"));
	clock = tracefs_instance_file_read(rec->inst, "trace_clock", NULL);
	if (!clock)
		clock = strdup("[mono]");
	if (clock)
		add_option(&o, OPTION_CLOCK, clock, strlen(clock) + 1);
	for (i = 0; i < rec->nr; i++) {
		char *text = rec->cpus[i].absent ? NULL : cpu_stat(rec, i);

		if (text)
			add_option(&o, OPTION_CPUSTAT, text, strlen(text) + 1);
	}
	c.options = o.list;
	c.nr_options = o.nr;
	cut = ccw_dat_write(rec->out, &c, &rec->status.bytes, err);
	rc = cut < 0 ? cut : publish(rec);
	if (!rc && cut) {
		rec->status.incomplete = true;
		snprintf(rec->status.note, sizeof(rec->status.note), "%.190s", err->text);
	} else if (rc && cut >= 0) {
		ccw_fail(err, rc, "cannot write %s: %s", rec->path, strerror(-rc));
	}
out:
	for (i = 0; i < o.nr; i++) {
		if (o.list[i].id == OPTION_CPUSTAT)
			free((void *)o.list[i].data);
	}
	free(o.list);
	free(clock);
	free(c.cpus);
	return rc;
}
