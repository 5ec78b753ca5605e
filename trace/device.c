// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/ccw_device.h"
#include "trace/ccw_names.h"

#define UUID_LEN 36

/* No machine has more subchannels; a file that says so is not believed. */
#define MAX_DEVICES (4 * 4 * 65536)

struct ccw_devices {
	struct ccw_device *list; /* sorted by subchannel */
	size_t nr, room;
	char driver[48];
};

struct ccw_devices *ccw_devices_new(void)
{
	return calloc(1, sizeof(struct ccw_devices));
}

void ccw_devices_free(struct ccw_devices *d)
{
	if (d)
		free(d->list);
	free(d);
}

size_t ccw_devices_count(const struct ccw_devices *d)
{
	return d->nr;
}

const struct ccw_device *ccw_devices_at(const struct ccw_devices *d, size_t i)
{
	return i < d->nr ? &d->list[i] : NULL;
}

const char *ccw_devices_driver(const struct ccw_devices *d)
{
	return d->driver;
}

static int by_sch(const void *a, const void *b)
{
	const struct ccw_device *x = a, *y = b;
	uint32_t i = ccw_sch_key(x->sch), j = ccw_sch_key(y->sch);

	return i < j ? -1 : i > j;
}

static struct ccw_device *find(const struct ccw_devices *d, size_t nr, struct ccw_sch sch)
{
	struct ccw_device key = { .sch = sch };

	return nr ? bsearch(&key, d->list, nr, sizeof(key), by_sch) : NULL;
}

const struct ccw_device *ccw_devices_find(const struct ccw_devices *d, struct ccw_sch sch)
{
	return find(d, d->nr, sch);
}

/* Text from outside: what does not print becomes '?', what is too long is cut. */
static void copy_word(char *to, size_t size, const char *from, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < size && i < len && from[i] && !isspace((unsigned char)from[i]); i++)
		to[i] = isgraph((unsigned char)from[i]) ? from[i] : '?';
	to[i] = '\0';
}

#define COPY(field, text) copy_word(field, sizeof(field), text, sizeof(field))

/* A place for one that is not among the first sorted ones; sorting is left to the caller. */
static struct ccw_device *append(struct ccw_devices *d, struct ccw_sch sch)
{
	if (d->nr == d->room) {
		size_t room = d->room ? 2 * d->room : 16;
		struct ccw_device *list = realloc(d->list, room * sizeof(*list));

		if (!list)
			return NULL;
		d->list = list;
		d->room = room;
	}
	memset(&d->list[d->nr], 0, sizeof(*d->list));
	d->list[d->nr].sch = sch;
	return &d->list[d->nr++];
}

/* The first up to len - 1 bytes of a file. false: there is none. */
static bool read_text(int dir, const char *name, char *buf, size_t len)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, buf, len - 1);
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* sysfs says n/a of a device that has no type apart from its control unit's, as virtio */
static void copy_type(char *to, size_t size, const char *from)
{
	if (strncmp(from, "n/a", 3))
		copy_word(to, size, from, size);
}

static void read_note(struct ccw_device *d, const char *run, const char *sch)
{
	char path[512], text[512], busid[16] = "", dev[16] = "", cu[16] = "", *rest = text, *line;

	snprintf(path, sizeof(path), "%s/%s", run, sch);
	if (!read_text(AT_FDCWD, path, text, sizeof(text)))
		return;
	while ((line = strsep(&rest, "\n"))) {
		if (!strncmp(line, "dev_busid=", 10))
			COPY(busid, line + 10);
		else if (!strncmp(line, "devtype=", 8))
			COPY(dev, line + 8);
		else if (!strncmp(line, "cutype=", 7))
			COPY(cu, line + 7);
	}
	if (!*busid || strcmp(busid, d->devno))
		return;
	copy_type(d->dev, sizeof(d->dev), dev);
	copy_type(d->cu, sizeof(d->cu), cu);
}

static bool is_uuid(const char *name)
{
	size_t i;

	for (i = 0; i < UUID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? name[i] != '-' : !isxdigit((unsigned char)name[i]))
			return false;
	}
	return !name[UUID_LEN];
}

/* Below a subchannel are its mediated device or its ccw device, named like the device number. */
static void read_children(struct ccw_device *d, int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	struct ccw_sch sch;
	char path[300], text[32];

	if (!list) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((e = readdir(list))) {
		if (is_uuid(e->d_name)) {
			COPY(d->mdev, e->d_name);
		} else if (!ccw_sch_parse(e->d_name, &sch)) {
			COPY(d->devno, e->d_name);
			snprintf(path, sizeof(path), "%s/devtype", e->d_name);
			if (read_text(dir, path, text, sizeof(text)))
				copy_type(d->dev, sizeof(d->dev), text);
			snprintf(path, sizeof(path), "%s/cutype", e->d_name);
			if (read_text(dir, path, text, sizeof(text)))
				copy_type(d->cu, sizeof(d->cu), text);
		}
	}
	closedir(list);
}

static void read_device(struct ccw_device *d, int css, const char *name, const char *run)
{
	int dir = openat(css, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char text[256];
	ssize_t n;

	if (dir < 0)
		return;
	n = readlinkat(dir, "driver", text, sizeof(text) - 1);
	if (n > 0) {
		char *slash;

		text[n] = 0;
		slash = strrchr(text, '/');
		COPY(d->driver, slash ? slash + 1 : text);
	}
	if (read_text(dir, "dev_busid", text, sizeof(text)) && strncmp(text, "none", 4))
		COPY(d->devno, text);
	read_children(d, dir);
	if (!*d->cu)
		read_note(d, run, name);
	close(dir);
}

static void read_driver(struct ccw_devices *d, const char *sys)
{
	char path[512], text[32], word[32];

	snprintf(path, sizeof(path), "%s/module/vfio_ccw/version", sys);
	if (!read_text(AT_FDCWD, path, text, sizeof(text))) {
		snprintf(path, sizeof(path), "%s/module/vfio_ccw/srcversion", sys);
		if (!read_text(AT_FDCWD, path, text, sizeof(text)))
			return;
	}
	COPY(word, text);
	snprintf(d->driver, sizeof(d->driver), "vfio_ccw %s", word);
}

static void keep(char *to, const char *from, size_t size)
{
	if (*from)
		memcpy(to, from, size);
}

/* What is newer counts, unless it is unknown now. */
static void update(struct ccw_device *to, const struct ccw_device *from)
{
	keep(to->devno, from->devno, sizeof(to->devno));
	keep(to->dev, from->dev, sizeof(to->dev));
	keep(to->cu, from->cu, sizeof(to->cu));
	keep(to->mdev, from->mdev, sizeof(to->mdev));
	keep(to->driver, from->driver, sizeof(to->driver));
}

/* Adds one to what was there when nr were, which are sorted. */
static int add(struct ccw_devices *d, size_t nr, const struct ccw_device *one)
{
	struct ccw_device *known = find(d, nr, one->sch);

	if (!known)
		known = d->nr < MAX_DEVICES ? append(d, one->sch) : NULL;
	if (!known)
		return -ENOMEM;
	update(known, one);
	return 0;
}

/* Sorts, and makes one of several of the same subchannel. */
static void sort(struct ccw_devices *d)
{
	size_t i, n = 0;

	if (!d->nr)
		return;
	qsort(d->list, d->nr, sizeof(*d->list), by_sch);
	for (i = 1; i < d->nr; i++) {
		if (by_sch(&d->list[n], &d->list[i]))
			d->list[++n] = d->list[i];
		else
			update(&d->list[n], &d->list[i]);
	}
	d->nr = n + 1;
}

int ccw_devices_gather(struct ccw_devices *d, const char *sys, const char *run,
		       const struct ccw_filter *filter)
{
	size_t known = d->nr;
	char path[512];
	struct dirent *e;
	DIR *css;
	int rc = 0;

	read_driver(d, sys);
	snprintf(path, sizeof(path), "%s/bus/css/devices", sys);
	css = opendir(path);
	if (!css)
		return 0;
	while (!rc && (e = readdir(css))) {
		struct ccw_device one = { 0 };

		if (ccw_sch_parse(e->d_name, &one.sch) || !ccw_filter_match(filter, one.sch))
			continue;
		read_device(&one, dirfd(css), e->d_name, run);
		if (*one.devno || *one.mdev)
			rc = add(d, known, &one);
	}
	closedir(css);
	sort(d);
	return rc;
}

static void put_word(FILE *f, const char *key, const char *value)
{
	if (*value)
		fprintf(f, " %s=%s", key, value);
}

char *ccw_devices_text(const struct ccw_devices *d)
{
	char *text = NULL, name[16];
	size_t i, len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	fprintf(f, "ccw 1\n");
	if (*d->driver)
		fprintf(f, "driver %s\n", d->driver);
	for (i = 0; i < d->nr; i++) {
		const struct ccw_device *one = &d->list[i];

		fprintf(f, "device %s", ccw_sch_str(one->sch, name, sizeof(name)));
		put_word(f, "devno", one->devno);
		put_word(f, "cu", one->cu);
		put_word(f, "dev", one->dev);
		put_word(f, "mdev", one->mdev);
		put_word(f, "driver", one->driver);
		fputc('\n', f);
	}
	if (fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}

/* The next word of a line; false at its end. */
static bool next_word(const char **p, const char *end, const char **word, size_t *len)
{
	while (*p < end && **p == ' ')
		(*p)++;
	*word = *p;
	while (*p < end && **p != ' ')
		(*p)++;
	*len = *p - *word;
	return *len;
}

static bool is(const char *word, size_t len, const char *what)
{
	return len == strlen(what) && !memcmp(word, what, len);
}

#define TAKE(key, field) \
	if (len > strlen(key) && !memcmp(word, key, strlen(key))) \
	copy_word(field, sizeof(field), word + strlen(key), len - strlen(key))

static int parse_device(struct ccw_devices *d, size_t known, const char *p, const char *end)
{
	struct ccw_device one = { 0 };
	const char *word;
	char name[16];
	size_t len;

	if (!next_word(&p, end, &word, &len) || len >= sizeof(name))
		return 0;
	copy_word(name, sizeof(name), word, len);
	if (ccw_sch_parse(name, &one.sch))
		return 0;
	while (next_word(&p, end, &word, &len)) {
		TAKE("devno=", one.devno);
		TAKE("cu=", one.cu);
		TAKE("dev=", one.dev);
		TAKE("mdev=", one.mdev);
		TAKE("driver=", one.driver);
	}
	return add(d, known, &one);
}

static void parse_driver(struct ccw_devices *d, const char *p, const char *end)
{
	const char *word;
	size_t len, at = 0;

	while (next_word(&p, end, &word, &len) && at + 2 < sizeof(d->driver)) {
		if (at)
			d->driver[at++] = ' ';
		copy_word(d->driver + at, sizeof(d->driver) - at, word, len);
		at = strlen(d->driver);
	}
}

int ccw_devices_parse(struct ccw_devices *d, const char *text, size_t len)
{
	const char *end = memchr(text, 0, len), *p = text;
	size_t known = d->nr;
	int rc = 0;

	if (!end)
		end = text + len;
	while (p < end && !rc) {
		const char *nl = memchr(p, '\n', end - p), *word;
		size_t n;

		nl = nl ? nl : end;
		if (next_word(&p, nl, &word, &n)) {
			if (is(word, n, "device"))
				rc = parse_device(d, known, p, nl);
			else if (is(word, n, "driver"))
				parse_driver(d, p, nl);
		}
		p = nl + 1;
	}
	sort(d);
	return rc;
}
