// SPDX-License-Identifier: GPL-2.0
/*
 * What sysfs tells about one subchannel.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/ccwtop/sysfs_device.h"
#include "trace/ccw_names.h"

#define UUID_LEN 36

/* Text from outside: what does not print would break the screen, what is too long is cut. */
static void copy_word(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; i + 1 < size && from[i] && !isspace((unsigned char)from[i]); i++)
		to[i] = isgraph((unsigned char)from[i]) ? from[i] : '?';
	to[i] = '\0';
}

/* The first up to len - 1 bytes of a file in a directory. 0 or a negative errno. */
static int read_at(int dir, const char *name, char *buf, size_t len)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
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

static int open_dir(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Takes fd. NULL: it is none, or no memory */
static DIR *entries(int fd)
{
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

/* The last part of what a link leads to; empty if there is none. */
static void read_link(int dir, const char *name, char *to, size_t size)
{
	char target[256];
	ssize_t n = readlinkat(dir, name, target, sizeof(target) - 1);
	const char *slash;

	target[n > 0 ? n : 0] = '\0';
	slash = strrchr(target, '/');
	copy_word(to, size, slash ? slash + 1 : target);
}

static void read_note(const char *run, struct top_device *d, const char *sch,
		      const char *busid)
{
	char path[512], text[512], note_busid[16] = "", dev[sizeof(d->dev)] = "";
	char cu[sizeof(d->cu)] = "", *rest = text, *line;

	snprintf(path, sizeof(path), "%s/%s", run, sch);
	if (read_at(AT_FDCWD, path, text, sizeof(text)))
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

/* "devices/vfio3" or the number of the group: what is opened below /dev/vfio to have the device. */
static void read_node(struct top_device *d, int mdev)
{
	struct dirent *e;
	DIR *dir;

	read_link(mdev, "iommu_group", d->node, sizeof(d->node));
	dir = d->node[0] ? NULL : entries(open_dir(mdev, "vfio-dev"));
	while (dir && (e = readdir(dir))) {
		char name[32];

		snprintf(name, sizeof(name), "devices/%.20s", e->d_name);
		if (e->d_name[0] != '.')
			copy_word(d->node, sizeof(d->node), name);
	}
	if (dir)
		closedir(dir);
}

static void read_paths(struct top_device *d, int dir)
{
	unsigned int id[8], pim, pam, pom, i;
	char text[64];

	d->has_paths = false;
	if (read_at(dir, "chpids", text, sizeof(text)) ||
	    sscanf(text, "%2x %2x %2x %2x %2x %2x %2x %2x", &id[0], &id[1], &id[2], &id[3], &id[4],
		   &id[5], &id[6], &id[7]) != 8)
		return;
	if (read_at(dir, "pimpampom", text, sizeof(text)) ||
	    sscanf(text, "%2x %2x %2x", &pim, &pam, &pom) != 3)
		return;
	for (i = 0; i < 8; i++)
		d->chpid[i] = id[i];
	d->pim = pim;
	d->pam = pam;
	d->pom = pom;
	d->has_paths = true;
}

static uint64_t read_number(int dir, const char *name)
{
	unsigned long long n;
	char text[32], *end;

	if (read_at(dir, name, text, sizeof(text)))
		return TOP_NOT_MEASURED;
	n = strtoull(text, &end, 10);
	return end == text ? TOP_NOT_MEASURED : n;
}

/* The attributes are there while measurement is on: a value that is not there is not 0. */
static void read_cmf(struct top_device *d, int ccw)
{
	struct top_cmf cmf = { .samples = read_number(ccw, "cmf/sample_count") };

	if (cmf.samples == TOP_NOT_MEASURED) {
		free(d->cmf);
		d->cmf = NULL;
		return;
	}
	if (!d->cmf)
		d->cmf = malloc(sizeof(*d->cmf));
	if (!d->cmf)
		return;
	/* The average of no samples is no time. */
#define READ(field) \
	(cmf.field = cmf.samples ? read_number(ccw, "cmf/avg_" #field) : TOP_NOT_MEASURED)
	READ(function_pending_time);
	READ(device_connect_time);
	READ(device_disconnect_time);
	READ(control_unit_queuing_time);
	READ(device_active_only_time);
	READ(device_busy_time);
	READ(initial_command_response_time);
#undef READ
	*d->cmf = cmf;
}

static void read_ccw(struct top_device *d, int ccw)
{
	char text[64];

	if (!read_at(ccw, "devtype", text, sizeof(text)))
		copy_word(d->dev, sizeof(d->dev), strncmp(text, "n/a", 3) ? text : "");
	if (!read_at(ccw, "cutype", text, sizeof(text)))
		copy_word(d->cu, sizeof(d->cu), text);
	read_cmf(d, ccw);
}

/*
 * Below a subchannel are its mediated device, or its ccw device, named like the device number.
 * true: it has the latter.
 */
static bool read_children(struct top_device *d, int dir)
{
	DIR *list = entries(open_dir(dir, "."));
	struct ccw_sch number;
	struct dirent *e;
	bool ccw = false;
	int fd;

	d->mdev[0] = '\0';
	d->node[0] = '\0';
	while (list && (e = readdir(list))) {
		bool mdev = is_uuid(e->d_name);

		if (!mdev && ccw_sch_parse(e->d_name, &number))
			continue;
		fd = open_dir(dir, e->d_name);
		if (mdev) {
			copy_word(d->mdev, sizeof(d->mdev), e->d_name);
			read_node(d, fd);
		} else if (fd >= 0) {
			read_ccw(d, fd);
			ccw = true;
		}
		if (fd >= 0)
			close(fd);
	}
	if (list)
		closedir(list);
	return ccw;
}

void top_device_read(struct top_device *d, const char *sys, const char *run)
{
	char path[512], text[64], busid[16] = "", sch[16];
	const char *dot;
	int dir;

	ccw_sch_str(d->sch, sch, sizeof(sch));
	snprintf(path, sizeof(path), "%s/bus/css/devices/%s", sys, sch);
	dir = open_dir(AT_FDCWD, path);
	if (!read_at(dir, "dev_busid", text, sizeof(text)))
		copy_word(busid, sizeof(busid), text);
	dot = strrchr(busid, '.');
	if (dot) {
		/* Another device than before: what was known is not about it. */
		if (strcmp(d->devno, dot + 1))
			d->dev[0] = d->cu[0] = '\0';
		copy_word(d->devno, sizeof(d->devno), dot + 1);
	}
	read_link(dir, "driver", d->driver, sizeof(d->driver));
	read_paths(d, dir);
	if (!read_children(d, dir)) {
		free(d->cmf);
		d->cmf = NULL;
		read_note(run, d, sch, busid);
	}
	if (dir >= 0)
		close(dir);
}

void top_device_read_state(struct top_device *d, const char *states)
{
	char path[512], text[64], sch[16];

	d->state[0] = '\0';
	snprintf(path, sizeof(path), "%s/%s/state", states, ccw_sch_str(d->sch, sch, sizeof(sch)));
	if (!read_at(AT_FDCWD, path, text, sizeof(text)))
		copy_word(d->state, sizeof(d->state), text);
}
