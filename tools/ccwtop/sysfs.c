// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/ccwtop/sysfs.h"
#include "trace/ccw_names.h"

#define UUID_LEN 36

struct top_sysfs {
	char *sys, *run;
	char states[200]; /* the driver's directory in debugfs */
	int states_fd; /* of it, or -1 */
	struct top_device *dev;
	size_t count, room;
};

struct top_sysfs *top_sysfs_new(const char *sys, const char *run)
{
	struct top_sysfs *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->sys = strdup(sys);
	s->run = strdup(run);
	s->states_fd = -1;
	if (!s->sys || !s->run) {
		top_sysfs_free(s);
		return NULL;
	}
	snprintf(s->states, sizeof(s->states), "%s/kernel/debug/vfio_ccw", sys);
	return s;
}

void top_sysfs_free(struct top_sysfs *s)
{
	if (!s)
		return;
	if (s->states_fd >= 0)
		close(s->states_fd);
	free(s->sys);
	free(s->run);
	free(s->dev);
	free(s);
}

void top_sysfs_keep_states(struct top_sysfs *s)
{
	int fd = open(s->states, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (s->states_fd >= 0)
		close(s->states_fd);
	s->states_fd = fd;
	snprintf(s->states, sizeof(s->states), "/proc/self/fd/%d", fd);
}

/* Text from outside: what does not print would break the screen, what is too long is cut. */
static void copy_word(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; i + 1 < size && from[i] && !isspace((unsigned char)from[i]); i++)
		to[i] = isgraph((unsigned char)from[i]) ? from[i] : '?';
	to[i] = '\0';
}

/* The first up to len - 1 bytes of a file. 0 or a negative errno. */
static int read_text(const char *path, char *buf, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;
	int err;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, len - 1);
	err = errno;
	close(fd);
	if (n < 0)
		return -err;
	buf[n] = '\0';
	return 0;
}

static void read_note(const struct top_sysfs *s, struct top_device *d, const char *sch,
		      const char *busid)
{
	char path[512], text[512], note_busid[16] = "", dev[sizeof(d->dev)] = "";
	char cu[sizeof(d->cu)] = "", *rest = text, *line;

	snprintf(path, sizeof(path), "%s/%s", s->run, sch);
	if (read_text(path, text, sizeof(text)))
		return;
	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, '=');

		if (!value)
			continue;
		*value++ = '\0';
		if (!strcmp(line, "dev_busid"))
			copy_word(note_busid, sizeof(note_busid), value);
		else if (!strcmp(line, "devtype"))
			copy_word(dev, sizeof(dev), value);
		else if (!strcmp(line, "cutype"))
			copy_word(cu, sizeof(cu), value);
	}
	if (!*busid || strcmp(busid, note_busid))
		return;
	/* sysfs says so of a device that has no type apart from its control unit's, as virtio */
	if (!strcmp(dev, "n/a"))
		dev[0] = '\0';
	memcpy(d->dev, dev, sizeof(dev));
	memcpy(d->cu, cu, sizeof(cu));
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

static void read_mdev(struct top_device *d, const char *path)
{
	struct dirent *e;
	DIR *dir = opendir(path);

	d->mdev[0] = '\0';
	if (!dir)
		return;
	while ((e = readdir(dir))) {
		if (is_uuid(e->d_name)) {
			copy_word(d->mdev, sizeof(d->mdev), e->d_name);
			break;
		}
	}
	closedir(dir);
}

static void read_device(const struct top_sysfs *s, struct top_device *d, const char *sch)
{
	char path[512], text[64], busid[16] = "";
	const char *dot;

	snprintf(path, sizeof(path), "%s/bus/css/devices/%s/dev_busid", s->sys, sch);
	if (!read_text(path, text, sizeof(text)))
		copy_word(busid, sizeof(busid), text);
	dot = strrchr(busid, '.');
	if (dot)
		copy_word(d->devno, sizeof(d->devno), dot + 1);
	d->state[0] = '\0';
	snprintf(path, sizeof(path), "%s/%s/state", s->states, sch);
	if (!read_text(path, text, sizeof(text)))
		copy_word(d->state, sizeof(d->state), text);
	snprintf(path, sizeof(path), "%s/bus/css/devices/%s", s->sys, sch);
	read_mdev(d, path);
	read_note(s, d, sch, busid);
}

static struct top_device *find(const struct top_sysfs *s, struct ccw_sch sch)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (ccw_sch_key(s->dev[i].sch) == ccw_sch_key(sch))
			return &s->dev[i];
	}
	return NULL;
}

static struct top_device *get(struct top_sysfs *s, struct ccw_sch sch)
{
	struct top_device *d = find(s, sch);

	if (d)
		return d;
	if (s->count == s->room) {
		size_t room = s->room ? 2 * s->room : 16;

		d = realloc(s->dev, room * sizeof(*d));
		if (!d)
			return NULL;
		s->dev = d;
		s->room = room;
	}
	d = &s->dev[s->count++];
	memset(d, 0, sizeof(*d));
	d->sch = sch;
	return d;
}

int top_sysfs_scan(struct top_sysfs *s)
{
	char path[512];
	struct dirent *e;
	size_t i;
	DIR *dir;

	for (i = 0; i < s->count; i++)
		s->dev[i].bound = false;
	snprintf(path, sizeof(path), "%s/bus/css/drivers/vfio_ccw", s->sys);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while ((e = readdir(dir))) {
		struct top_device *d;
		struct ccw_sch sch;

		if (ccw_sch_parse(e->d_name, &sch))
			continue;
		d = get(s, sch);
		if (!d) {
			closedir(dir);
			return -ENOMEM;
		}
		d->bound = true;
		read_device(s, d, e->d_name);
	}
	closedir(dir);
	return 0;
}

size_t top_sysfs_count(const struct top_sysfs *s)
{
	return s->count;
}

const struct top_device *top_sysfs_at(const struct top_sysfs *s, size_t i)
{
	return i < s->count ? &s->dev[i] : NULL;
}

const struct top_device *top_sysfs_find(const struct top_sysfs *s, struct ccw_sch sch)
{
	return find(s, sch);
}
