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

#define CLOCK "mono"

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

int record_find_dir(struct ccw_record *rec, struct ccw_error *err)
{
	struct stat st;
	char *copy;

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
	return 0;
}

static int cannot_write_dir(const struct ccw_record *rec, int rc, struct ccw_error *err)
{
	return ccw_fail(err, rc, "cannot write to directory %s: %s (choose another file with -o)",
			rec->dir, strerror(-rc));
}

int record_open_file(struct ccw_record *rec, struct record_file **file, struct ccw_error *err)
{
	struct record_file *f = calloc(1, sizeof(*f));
	unsigned int i;

	*file = f;
	if (!f)
		return ccw_fail(err, -ENOMEM, "out of memory");
	f->data = malloc(rec->nr * sizeof(*f->data));
	for (i = 0; f->data && i < rec->nr; i++)
		f->data[i] = -1;
	f->size = calloc(rec->nr, sizeof(*f->size));
	f->stats = calloc(rec->nr, sizeof(*f->stats));
	f->out = open_unnamed(rec, &f->out_name);
	if (!f->data || !f->size || !f->stats)
		return ccw_fail(err, -ENOMEM, "out of memory");
	if (f->out < 0)
		return cannot_write_dir(rec, f->out, err);
	for (i = 0; i < rec->nr; i++) {
		f->data[i] = open_unnamed(rec, NULL);
		if (f->data[i] < 0)
			return cannot_write_dir(rec, f->data[i], err);
	}
	if (fallocate(f->out, FALLOC_FL_KEEP_SIZE, 0, RESERVE) && errno == ENOSPC)
		return cannot_write_dir(rec, -ENOSPC, err);
	return 0;
}

void record_free_file(struct ccw_record *rec, struct record_file *f)
{
	unsigned int i;

	if (!f)
		return;
	for (i = 0; i < rec->nr; i++) {
		if (f->data && f->data[i] >= 0)
			close(f->data[i]);
		if (f->stats)
			free(f->stats[i]);
	}
	if (f->out >= 0)
		close(f->out);
	if (f->out_name)
		unlink(f->out_name);
	free(f->out_name);
	free(f->data);
	free(f->size);
	free(f->stats);
	free(f);
}

/* Gives the finished output its name in one step. */
static int publish(struct ccw_record *rec, struct record_file *f, const char *path)
{
	char fd_path[48];
	int tries;

	for (tries = 0; !f->out_name && tries < 100; tries++) {
		char *name;

		if (asprintf(&name, "%s/.%s.%d-%d", rec->dir, rec->base, getpid(), tries) < 0)
			return -ENOMEM;
		snprintf(fd_path, sizeof(fd_path), "/proc/self/fd/%d", f->out);
		if (!linkat(AT_FDCWD, fd_path, AT_FDCWD, name, AT_SYMLINK_FOLLOW)) {
			f->out_name = name;
			break;
		}
		free(name);
		if (errno != EEXIST)
			return -errno;
	}
	if (!f->out_name)
		return -EEXIST;
	if (fsync(f->out) || rename(f->out_name, path))
		return -errno;
	free(f->out_name);
	f->out_name = NULL;
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
	char date[32], uname[320];
	uint32_t cpus;
	char *notes;
};

static void add_option(struct options *o, uint16_t id, const void *data, size_t len)
{
	o->list[o->nr++] = (struct ccw_dat_option){ .id = id, .len = len, .data = data };
}

static int make_options(struct ccw_record *rec, struct record_file *f, struct options *o,
			uint32_t cpus)
{
	struct utsname uts;
	unsigned int i;

	o->list = calloc(rec->nr + 6, sizeof(*o->list));
	if (!o->list)
		return -ENOMEM;
	o->cpus = cpus;
	date_option(o->date, sizeof(o->date));
	add_option(o, OPTION_DATE, o->date, strlen(o->date) + 1);
	add_option(o, OPTION_CPUCOUNT, &o->cpus, 4);
	uname(&uts);
	snprintf(o->uname, sizeof(o->uname), "%s %s %s %s", uts.sysname, uts.nodename,
		 uts.release, uts.machine);
	add_option(o, OPTION_UNAME, o->uname, strlen(o->uname) + 1);
	add_option(o, OPTION_VERSION, "ccwtrace", sizeof("ccwtrace"));
	add_option(o, OPTION_CLOCK, "[" CLOCK "]", sizeof("[" CLOCK "]"));
	for (i = 0; i < rec->nr; i++) {
		if (f->stats[i])
			add_option(o, OPTION_CPUSTAT, f->stats[i], strlen(f->stats[i]) + 1);
	}
	if (rec->devices) {
		ccw_devices_gather(rec->devices, "/sys", "/run/vfio-ccw", rec->filter);
		o->notes = ccw_devices_text(rec->devices);
	}
	if (o->notes)
		add_option(o, CCW_DAT_OPTION_NOTES, o->notes, strlen(o->notes) + 1);
	return 0;
}

/* FILE, or the next of FILE.1, FILE.2, ... */
static char *name_of(struct ccw_record *rec)
{
	char *path;
	int n;

	if (!rec->number)
		return strdup(rec->path);
	n = asprintf(&path, "%s.%u", rec->path, rec->number);
	rec->number = rec->number % rec->opts.max_files + 1;
	return n < 0 ? NULL : path;
}

static uint64_t read_events(const struct record_file *f, unsigned int i)
{
	const char *text = f->stats[i] ? strstr(f->stats[i], "read events: ") : NULL;
	unsigned long long n;

	return text && sscanf(text, "read events: %llu", &n) == 1 ? n : 0;
}

/*
 * What was taken and is not in the file: what the kernel says was read, but for what can be found.
 * Only when something went wrong, since that takes reading the file.
 */
static void count_unwritten(struct ccw_record *rec, struct record_file *f,
			    const struct ccw_dat_pages *pages)
{
	unsigned int i;

	for (i = 0; i < rec->nr; i++) {
		const struct ccw_dat_pages *p = &pages[rec->cpus[i].cpu];
		int fd = p->at ? f->out : f->data[i];
		uint64_t read = read_events(f, i), here;

		if (rec->flight) { /* the kernel's number is not of this file */
			rec->data[i].unwritten += record_count_pages(rec, f->data[i], p->size,
								     f->size[i], &here);
			if (here < f->size[i])
				rec->status.lost_unknown = true;
			continue;
		}
		here = record_count_pages(rec, fd, p->at, p->at + p->size, NULL);
		rec->data[i].unwritten += read > here ? read - here : 0;
	}
}

static int write_contents(struct ccw_record *rec, struct record_file *f,
			  struct ccw_dat_contents *c, const char *path, struct ccw_error *err)
{
	uint64_t size = 0;
	int cut = ccw_dat_write(f->out, c, &size, err), rc = cut;

	if (cut >= 0) {
		rc = publish(rec, f, path);
		if (rc)
			ccw_fail(err, rc, "cannot write %s: %s", path, strerror(-rc));
	}
	if (rc)
		return rc;
	if (cut) {
		rec->status.incomplete = true;
		snprintf(rec->status.note, sizeof(rec->status.note), "%.190s", err->text);
	}
	if (cut || f->broken || rec->status.incomplete)
		count_unwritten(rec, f, c->cpus);
	rec->status.files++;
	snprintf(rec->status.file, sizeof(rec->status.file), "%s", path);
	rec->file_bytes += size;
	return 0;
}

int record_write_file(struct ccw_record *rec, struct record_file *f, struct ccw_error *err)
{
	struct ccw_dat_contents c = {
		.page_size = rec->page_size,
		.header_page = rec->header_page,
		.header_event = rec->header_event,
		.nr_events = rec->nr_events,
		.compress = rec->opts.compress,
		.clock = CLOCK,
	};
	struct ccw_dat_event *events = calloc(rec->nr_events + 1, sizeof(*events));
	char *path = name_of(rec), *cmdlines;
	struct options o = { 0 };
	unsigned int i;
	size_t e;
	int rc;

	cmdlines = tracefs_instance_file_read(NULL, "saved_cmdlines", NULL);
	c.cmdlines = cmdlines ? cmdlines : "";
	c.events = events;
	for (e = 0; events && e < rec->nr_events; e++)
		events[e] = rec->events[e].dat;
	for (i = 0; i < rec->nr; i++)
		c.nr_cpus = rec->cpus[i].cpu >= c.nr_cpus ? rec->cpus[i].cpu + 1 : c.nr_cpus;
	c.cpus = calloc(c.nr_cpus, sizeof(*c.cpus));
	rc = events && path && c.cpus ? make_options(rec, f, &o, c.nr_cpus) : -ENOMEM;
	if (rc) {
		ccw_fail(err, rc, "out of memory");
	} else {
		for (i = 0; i < rec->nr; i++) {
			c.cpus[rec->cpus[i].cpu].fd = f->data[i];
			c.cpus[rec->cpus[i].cpu].size = f->size[i];
		}
		c.options = o.list;
		c.nr_options = o.nr;
		rc = write_contents(rec, f, &c, path, err);
	}
	for (i = 0; rc && i < rec->nr; i++)
		rec->data[i].unwritten += read_events(f, i);
	record_free_file(rec, f);
	free(o.list);
	free(o.notes);
	free(c.cpus);
	free(events);
	free(cmdlines);
	free(path);
	return rc;
}

/* Takes the pages over from the CPUs, with the kernel's numbers at this very moment. */
static void take_over(struct ccw_record *rec, struct record_file *from, struct record_file *to)
{
	unsigned int i;

	for (i = 0; i < rec->nr; i++) {
		struct record_cpu *c = &rec->data[i];

		pthread_mutex_lock(&c->lock);
		record_read_stats(rec, i);
		from->size[i] = c->size;
		from->broken |= c->broken;
		if (!rec->cpus[i].absent || c->size)
			from->stats[i] = record_stat_text(rec, i);
		record_begin_stats(rec, i);
		c->data = to ? to->data[i] : -1;
		c->size = 0;
		pthread_mutex_unlock(&c->lock);
		atomic_fetch_sub(&rec->taken, from->size[i]);
		rec->written += from->size[i];
	}
}

int record_next_file(struct ccw_record *rec, struct ccw_error *err)
{
	struct record_file *old = rec->file, *new = NULL;
	int rc = 0;

	if (!rec->ended) {
		rc = record_open_file(rec, &new, err);
		if (rc) {
			record_free_file(rec, new);
			return rc;
		}
	}
	take_over(rec, old, new);
	rec->file = new;
	return record_write_file(rec, old, err);
}
